package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
)

// model knows what went in, and what came out, and nothing of what happens in
// between.
type model struct {
	world *telegramsim.World

	mu      sync.Mutex
	life    int // of the bot, counted from 1
	lives   []time.Time
	sends   []sent
	letters []letter
	secrets map[int64]bool    // numbers in notes of the agents
	refused map[int64]int     // refusals for good, by chat
	denied  map[int64]int     // refusals for good of what holds a number
	taken   map[[2]int64]bool // messages of groups that the bot was brought, by chat and ID
	limited []time.Time       // refusals for the stage's own limits
	gone    []gone            // messages that could not be edited, as the bot was told
	calls   int
	unknown int // calls of which the bot does not know what became of them
}

// letter is what somebody wrote that has to arrive at the other side.
type letter struct {
	token  int64 // the number in it, which nothing else has
	ticket string
	from   telegramsim.Message
}

// gone is a message that the bot was told is not there.
type gone struct {
	at      time.Time
	chat    int64
	message int
}

// sent is a call that made messages.
type sent struct {
	life    int
	at      time.Time
	method  string
	chat    int64
	thread  int
	ids     []int
	text    string
	files   []string
	buttons string
	reply   int  // message that it is below; 0: none
	open    bool // the bot does not know what became of it
}

func newModel(w *telegramsim.World) *model {
	return &model{world: w, secrets: map[int64]bool{}, refused: map[int64]int{}, denied: map[int64]int{}, taken: map[[2]int64]bool{}}
}

// wrote notes what somebody has written.
func (m *model) wrote(token int64, ticket string, from telegramsim.Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, letter{token, ticket, from})
}

// inside notes what must stay among the agents.
func (m *model) inside(token int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.secrets[token] = true
}

// born notes that a life of the bot begins.
func (m *model) born() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.life++
	m.lives = append(m.lives, m.world.Now())
}

// refusedTo counts the refusals for good in a chat: what was for it then is lost
// rightly.
func (m *model) refusedTo(chat int64) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.refused[chat]
}

// token finds numbers that tell whose they are.
var tokens = regexp.MustCompile(`[1-9]\d{5,}`)

func tokensIn(text string) (list []int64) {
	for _, s := range tokens.FindAllString(text, -1) {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && len(s) == 6 {
			list = append(list, n)
		}
	}
	return list
}

// see is told of every call.
func (m *model) see(d telegramsim.Deed) {
	made := m.made(d)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	open := d.Gone || d.Outcome.Drop || d.Outcome.Status >= 500 || d.Outcome.Delay > 15*time.Second
	if open {
		m.unknown++
	}
	if d.Method == "getupdates" && d.Done && d.Err == nil {
		m.fetched(d.Result.(json.RawMessage))
	}
	m.refusal(d)
	if d.Done && d.Err == nil && made != nil {
		made.life, made.at, made.method, made.open = m.life, m.world.Now(), d.Method, open
		m.sends = append(m.sends, *made)
	}
}

// refusal notes what will never arrive.
func (m *model) refusal(d telegramsim.Deed) {
	text := d.Outcome.Body
	if d.Err != nil {
		text = d.Err.Error()
		if strings.HasPrefix(text, "Too Many Requests") {
			m.limited = append(m.limited, m.world.Now())
		}
	}
	if strings.Contains(text, "to edit not found") {
		id, _ := strconv.Atoi(d.Args["message_id"])
		m.gone = append(m.gone, gone{m.world.Now(), d.Chat(), id})
	}
	for _, final := range []string{"Forbidden", "chat not found", "to copy not found"} {
		if !strings.Contains(text, final) {
			continue
		}
		if final != "to copy not found" {
			m.refused[d.Chat()]++
		}
		for _, token := range append(tokensIn(d.Args["text"]), tokensIn(d.Args["caption"])...) {
			m.denied[token]++
		}
		for _, l := range m.letters {
			if d.Args["from_chat_id"] == strconv.FormatInt(l.from.Chat, 10) && strings.Contains(d.Args["message_id"]+d.Args["message_ids"], strconv.Itoa(l.from.ID)) {
				m.denied[l.token]++
			}
		}
	}
}

// returned tells whether the writer of a letter was asked for it again, as the bot
// was out of the group when it came to it.
func (m *model) returned(l letter) bool {
	return slices.ContainsFunc(m.sends, func(s sent) bool {
		return s.chat < 0 && strings.Contains(s.text, "I had been removed from the group") && (s.reply == l.from.ID || s.chat != l.from.Chat)
	})
}

// fetched notes what the bot was brought from groups.
func (m *model) fetched(result []byte) {
	var updates []json.RawMessage
	_ = json.Unmarshal(result, &updates)
	for _, u := range updates {
		m.brought(u)
	}
}

// broughtOne is for an update that comes to the webhook.
func (m *model) broughtOne(body []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.brought(body)
}

func (m *model) brought(update []byte) {
	var u struct {
		Message *struct {
			ID   int64 `json:"message_id"`
			Chat struct {
				ID int64 `json:"id"`
			} `json:"chat"`
		} `json:"message"`
	}
	if json.Unmarshal(update, &u) == nil && u.Message != nil {
		m.taken[[2]int64{u.Message.Chat.ID, u.Message.ID}] = true
	}
}

// made reads what a call has made; nil: nothing.
func (m *model) made(d telegramsim.Deed) *sent {
	if !d.Done || d.Err != nil {
		return nil
	}
	var to models.ReplyParameters
	_ = json.Unmarshal([]byte(d.Args["reply_parameters"]), &to)
	s := sent{chat: d.Chat(), text: d.Args["name"], reply: to.MessageID}
	switch {
	case d.Method == "createforumtopic":
		s.thread = d.Result.(models.ForumTopic).MessageThreadID
		return &s
	case d.Method == "sendchataction", !strings.HasPrefix(d.Method, "send") && !strings.HasPrefix(d.Method, "copy"):
		return nil
	}
	result, _ := json.Marshal(d.Result)
	type made struct {
		ID int `json:"message_id"`
	}
	var one made
	var many []made
	if json.Unmarshal(result, &many) != nil {
		_ = json.Unmarshal(result, &one)
		many = []made{one}
	}
	for _, id := range many {
		msg := m.message(s.chat, id.ID)
		s.ids = append(s.ids, id.ID)
		s.text += msg.Text
		s.thread = msg.Thread
		if msg.FileID != "" {
			s.files = append(s.files, msg.FileID)
		}
		if len(msg.Buttons) > 0 {
			b, _ := json.Marshal(msg.Buttons)
			s.buttons += string(b)
		}
	}
	return &s
}

// message finds a message wherever it stands.
func (m *model) message(chat int64, id int) telegramsim.Message {
	if p := m.world.PersonByID(chat); p != nil {
		msg, _ := p.Message(id)
		return msg
	}
	for _, g := range m.world.Groups() {
		if g.ID() == chat {
			msg, _ := g.Message(id)
			return msg
		}
	}
	return telegramsim.Message{}
}
