package sqlite

import (
	"context"
	"database/sql"

	"intakebot/tickets"
)

// moved takes along what stands in a group that has become another.
func (t *tx) moved(m *tickets.Moved) error {
	if m == nil {
		return nil
	}
	for _, query := range []string{
		`INSERT INTO moved (chat, became) VALUES (:from, :to) ON CONFLICT (chat) DO UPDATE SET became = excluded.became`,
		`UPDATE tickets SET place_group = :to, place_thread = 0, place_card = 0, version = version + 1 WHERE place_group = :from`,
		`UPDATE notices SET chat = :to, target = 0, sent = '[]' WHERE settled IS NULL AND chat = :from`,
	} {
		if _, err := t.exec(query, sql.Named("from", m.From), sql.Named("to", m.To)); err != nil {
			return err
		}
	}
	_, err := t.exec(`DELETE FROM boards WHERE chat = ?`, m.From)
	return err
}

// topic records a topic for a ticket that has no place in the group yet.
func (t *tx) topic(n *tickets.NewTopic) error {
	if n == nil {
		return nil
	}
	_, err := t.exec(`UPDATE tickets SET place_thread = ? WHERE id = ? AND place_group = ? AND place_thread = 0 AND place_card = 0`,
		n.Thread, n.Ticket, n.Group)
	return err
}

// along takes a ticket's notices to where its place is now.
func (t *tx) along(notice, group int64) error {
	_, err := t.exec(`UPDATE notices SET chat = :group, target = 0, sent = '[]'
		WHERE settled IS NULL AND chat <> :group AND (chat, ticket) = (SELECT chat, ticket FROM notices WHERE id = :notice)`,
		sql.Named("group", group), sql.Named("notice", notice))
	return err
}

// OpenGroups lists the groups in which open tickets stand.
func (s *Store) OpenGroups(ctx context.Context) ([]int64, error) {
	return list(ctx, s, scanID, openGroupsQuery)
}

// openGroupsQuery says what the index of the queue says, or it would not be
// used.
const openGroupsQuery = `SELECT DISTINCT place_group FROM tickets WHERE state NOT IN ('solved', 'closed', 'declined') ORDER BY place_group`

// Moves lists what groups have become.
func (s *Store) Moves(ctx context.Context) ([]tickets.Moved, error) {
	return list(ctx, s, func(row scanner) (m tickets.Moved, err error) {
		err = row.Scan(&m.From, &m.To)
		return m, err
	}, `SELECT chat, became FROM moved ORDER BY chat`)
}
