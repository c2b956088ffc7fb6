package sqlite

// fold brings the tables up to date: what the log holds, as it stands by now.
func (t *tx) fold(number, end int64) error {
	s := t.steps
	for _, e := range s.updates {
		u := e.Update
		_, err := t.exec(`INSERT INTO updates (id, chat, message, edited, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			u.ID, u.Chat, u.Message, u.Edited, e.At)
		if err != nil {
			return err
		}
	}
	for _, c := range s.customers {
		_, err := t.exec(`INSERT INTO customers (id, version, lang, session, wake, blocked, banned) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET version = excluded.version, lang = excluded.lang, session = excluded.session, wake = excluded.wake,
				blocked = excluded.blocked, banned = excluded.banned`,
			c.ID, c.Version, c.Lang, raw{&c.Session}, instant{&c.Wake}, c.Blocked, c.Banned)
		if err != nil {
			return err
		}
	}
	for _, p := range s.told {
		if err := t.told(p); err != nil {
			return err
		}
	}
	for _, q := range s.sent {
		if _, err := t.question(q); err != nil {
			return err
		}
	}
	for _, q := range s.open {
		if q.stored {
			continue
		}
		if _, err := t.question(q); err != nil {
			return err
		}
	}
	_, err := t.exec(`UPDATE steps SET log = ?, folded = ?, notice = ?`, number, end, s.notice)
	return err
}

// question writes a question as it stands by now.
func (t *tx) question(q *question) (id int64, err error) {
	state, owner, claimed, settled := "pending", any(nil), any(nil), any(nil)
	switch {
	case q.sent:
		state, settled = "sent", q.sentAt
	case q.Sending:
		state, owner, claimed = "sending", q.Owner, q.Claimed
	}
	return t.insert(`INSERT INTO notices (id, chat, kind, priority, lang, message, title, target, once, merge, written, state, owner, claimed, settled,
			attempts, doubtful, sent, cause, extra)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '', ?, ?, ?, ?, ?, ?, 0, ?, '', nullif(?, '{}'))`,
		q.ID, q.Chat, q.Kind, q.Priority, q.Lang, q.Message, q.Title, q.Target, q.Written, state, owner, claimed, settled, q.Attempts, q.Sent, q.Extra)
}

// told brings what has become of a question into the table.
func (t *tx) told(p *progress) error {
	query, args := "", []any{p.Notice, p.Owner}
	switch p.What {
	case isClaimed:
		query = `UPDATE notices SET state = 'sending', owner = ?2, claimed = ?3, attempts = attempts + 1 WHERE id = ?1 AND state = 'pending'`
		args = append(args, p.At)
	case isPartSent:
		query = `UPDATE notices SET sent = ?3 WHERE id = ?1 AND state = 'sending' AND owner = ?2`
		args = append(args, p.Sent)
	default:
		query = `UPDATE notices SET sent = CASE WHEN ?4 IN (0, chat) THEN ?3 ELSE '[]' END, state = 'sent', settled = ?5, owner = NULL, claimed = NULL
			WHERE id = ?1 AND state = 'sending' AND owner = ?2`
		args = append(args, p.Sent, p.Chat, p.At)
	}
	_, err := t.exec(query, args...)
	return err
}

// recover takes up what the log of a life before holds, and begins another. Before
// the tables are waited for, with its number in them, it can continue nothing: what
// made them, or changed them to this program's, may not be on the disk. That was the
// migrations, of tables that the log continues: one that changes what customers or
// notices mean has to do so to entries too.
func (w *writer) recover() error {
	var number, folded int64
	if err := w.tx.row(`SELECT log, folded, notice FROM steps`).Scan(&number, &folded, &w.tx.steps.notice); err != nil {
		return err
	}
	entries, err := w.tx.log.read(number, folded)
	if err != nil {
		return err
	}
	for _, e := range entries {
		w.tx.steps.add(e)
	}
	w.tx.steps.keep()
	w.tx.log.spent = true
	return w.tx.attempt(true, nil, nil)
}
