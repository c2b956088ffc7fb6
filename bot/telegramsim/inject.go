package telegramsim

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Inject puts a raw update into the bot's queue, whatever it holds: unknown
// kinds and fields, a repeated or leaping update_id. Without an update_id it gets
// the next one. The ID that it bears is returned.
func (b *Bot) Inject(raw []byte) (int64, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return 0, fmt.Errorf("inject update: %w", err)
	}
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	id := b.queue.next
	if given, ok := fields["update_id"]; ok {
		if err := json.Unmarshal(given, &id); err != nil {
			return 0, fmt.Errorf("inject update: update_id: %w", err)
		}
	} else {
		fields["update_id"], _ = json.Marshal(id)
	}
	body, err := json.Marshal(fields)
	if err != nil {
		return 0, fmt.Errorf("inject update: %w", err)
	}
	b.queue.strange = b.queue.strange || id < b.queue.next
	b.queue.next = max(b.queue.next, id+1)
	b.add(&update{id: id, lane: rawLane(id, fields), expires: b.w.now().Add(updateLife), body: body, injected: true})
	return id, nil
}

// rawLane is the lane in which a raw update would come: its chat's or its
// presser's where it names one, else one of its own.
func rawLane(id int64, fields map[string]json.RawMessage) lane {
	var source struct {
		Chat struct{ ID int64 } `json:"chat"`
		From struct{ ID int64 } `json:"from"`
	}
	for kind, laneKind := range map[string]byte{"message": laneMessages, "edited_message": laneMessages, "callback_query": lanePresses} {
		if json.Unmarshal(fields[kind], &source) != nil {
			continue
		}
		if laneKind == laneMessages {
			return lane{laneKind, source.Chat.ID}
		}
		return lane{laneKind, source.From.ID}
	}
	return lane{laneInjected, id}
}

// PendingUpdates are the updates that the bot has not confirmed yet, as the JSON
// that it gets; a changed copy can be injected again.
func (b *Bot) PendingUpdates() []json.RawMessage {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	b.expire()
	var out []json.RawMessage
	for _, u := range b.queue.pending {
		if !u.done {
			out = append(out, slices.Clone(json.RawMessage(u.body)))
		}
	}
	return out
}

// SkipUpdateIDs makes the update IDs jump forward by n.
func (b *Bot) SkipUpdateIDs(n int64) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	b.queue.next += n
}
