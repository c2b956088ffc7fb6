package postgres

import (
	"context"

	"intakebot/tickets"

	"github.com/jackc/pgx/v5"
)

// queueMoved takes along what stands in a group that has become another. Tickets
// are locked by their IDs, as commits do it, so that few wait for each other;
// those that do fail, and are tried again.
func queueMoved(b *pgx.Batch, m *tickets.Moved) {
	if m == nil {
		return
	}
	b.Queue(`INSERT INTO moved (chat, became) VALUES ($1, $2) ON CONFLICT (chat) DO UPDATE SET became = excluded.became`, m.From, m.To)
	b.Queue(`WITH here AS (SELECT id FROM tickets WHERE place_group = $1 ORDER BY id FOR UPDATE)
		UPDATE tickets SET place_group = $2, place_thread = 0, place_card = 0, version = version + 1 WHERE id IN (SELECT id FROM here)`,
		m.From, m.To)
	b.Queue(`UPDATE notices SET chat = $2, target = 0, sent = '[]' WHERE settled IS NULL AND chat = $1`, m.From, m.To)
	b.Queue(`DELETE FROM boards WHERE chat = $1`, m.From)
}

// queueTopic records a topic for a ticket that has no place in the group yet.
func queueTopic(b *pgx.Batch, n *tickets.NewTopic) {
	if n == nil {
		return
	}
	b.Queue(`UPDATE tickets SET place_thread = $3 WHERE id = $1 AND place_group = $2 AND place_thread = 0 AND place_card = 0`,
		n.Ticket, n.Group, n.Thread)
}

// queuePlace records where a notice's ticket is now, and takes the ticket's
// other notices there.
func queuePlace(b *pgx.Batch, notice int64, p *tickets.Place) {
	if p == nil {
		return
	}
	b.Queue(`WITH u AS (UPDATE tickets SET place_group = $2, `+
		`place_thread = CASE WHEN `+knownTopic+` THEN place_thread ELSE $3 END, place_card = CASE WHEN `+knownTopic+` THEN place_card ELSE $4 END
			WHERE id = (SELECT coalesce(ticket, about) FROM notices WHERE id = $1) RETURNING 1)
		SELECT must_change_one(count(*), '`+codeNoPlace+`') FROM u`, notice, p.Group, p.Thread, p.Card)
	queueAlong(b, notice, p.Group)
}

// queueAlong takes a ticket's notices to where its place is now.
func queueAlong(b *pgx.Batch, notice, group int64) {
	b.Queue(`UPDATE notices SET chat = $2, target = 0, sent = '[]'
		WHERE settled IS NULL AND chat <> $2 AND (chat, coalesce(ticket, 0)) = (SELECT chat, ticket FROM notices WHERE id = $1)`,
		notice, group)
}

// knownTopic is whether a topic without a card would take the place of one.
const knownTopic = `($3::bigint <> 0 AND $4::bigint = 0 AND place_group = $2 AND place_thread <> 0)`

const openGroupsQuery = `SELECT DISTINCT place_group FROM tickets WHERE state NOT IN ('solved', 'closed', 'declined') ORDER BY place_group`

// OpenGroups lists the groups in which open tickets stand.
func (s *Store) OpenGroups(ctx context.Context) ([]int64, error) {
	return list(ctx, s, pgx.RowTo[int64], openGroupsQuery)
}

// Moves lists what groups have become.
func (s *Store) Moves(ctx context.Context) ([]tickets.Moved, error) {
	return list(ctx, s, func(row pgx.CollectableRow) (m tickets.Moved, err error) {
		err = row.Scan(&m.From, &m.To)
		return m, err
	}, `SELECT chat, became FROM moved ORDER BY chat`)
}
