package sqlite

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"sync"

	"intakebot/tickets"
)

// steps is what is in the log and not in the tables yet. The writer alone changes
// it; others read what is guarded.
type steps struct {
	mu        sync.Mutex // guards the next five against readers
	staged    []staged   // what the log may not hold yet
	entries   int        // since the tables were brought up to date
	byID      map[int64]bool
	bySpot    map[spot]bool
	customers map[int64]tickets.Customer

	updates []*entry
	open    map[int64]*question   // not sent yet, by notice ID; those that are in the table too
	at      map[int64][]*question // the same by chat, in the order of their IDs
	sent    []*question           // that are not in the table
	told    []*progress           // of questions that are in the table, which does not say so

	notice int64 // the last ID that was given
	known  known
}

// spot names a message as it was written.
type spot struct{ chat, message, edited int64 }

func spotOf(u tickets.Update) spot { return spot{u.Chat, u.Message, u.Edited} }

// staged is how to undo an entry.
type staged struct {
	entry *entry
	had   bool // the customer, as it was
	old   tickets.Customer
	asked *question // as it was
	told  int
	sent  int
}

// known is what the tables are known to hold, until anything but entries changes
// them: so that most steps need not look.
type known struct {
	valid   bool
	update  int64 // the highest ID
	message int64 // the highest of an update
	account map[int64]account
}

// account is what the tables hold of a customer.
type account struct {
	version int64 // 0: not there
	waits   bool  // a notice that is not settled, and no open question; not kept
}

// knownMost bounds the accounts that are known.
const knownMost = 4096

// errForTables says that an entry is not for the log after all.
var errForTables = errors.New("for the tables")

func newSteps() *steps {
	return &steps{
		byID: map[int64]bool{}, bySpot: map[spot]bool{}, customers: map[int64]tickets.Customer{},
		open: map[int64]*question{}, at: map[int64][]*question{}, known: known{account: map[int64]account{}},
	}
}

// dirty tells whether the tables are behind.
func (s *steps) dirty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.entries > 0
}

// customer gives a customer that has changed since, but for what may not be in the log.
func (s *steps) customer(id int64) (tickets.Customer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.staged {
		if c := e.entry.Customer; c != nil && c.ID == id {
			return e.old, e.had
		}
	}
	c, ok := s.customers[id]
	return c, ok
}

// seen tells whether an update came since, and is in the log.
func (s *steps) seen(u tickets.Update) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.has(u) && !slices.ContainsFunc(s.staged, func(e staged) bool {
		other := e.entry.Update
		return other != nil && (other.ID == u.ID || u.Chat != 0 && spotOf(*other) == spotOf(u))
	})
}

func (s *steps) has(u tickets.Update) bool { return s.byID[u.ID] || u.Chat != 0 && s.bySpot[spotOf(u)] }

// stage checks an entry as the tables would, and adds it. ErrDuplicate and ErrStale
// are Commit's.
func (s *steps) stage(t *tx, e *entry) error {
	if err := s.learn(t); err != nil {
		return err
	}
	if e.Progress != nil {
		return s.stageProgress(t, e)
	}
	if u := e.Update; u != nil {
		seen, err := s.stored(t, *u)
		if err == nil && (seen || s.has(*u)) {
			err = tickets.ErrDuplicate
		}
		if err != nil {
			return err
		}
	}
	if c := e.Customer; c != nil {
		version, err := s.version(t, c.ID)
		if err == nil && version != c.Version-1 {
			err = tickets.ErrStale
		}
		if err != nil {
			return err
		}
	}
	for _, q := range e.Questions {
		a, err := s.account(t, q.Chat)
		if err == nil && a.waits {
			err = errForTables
		}
		if err != nil {
			return err
		}
	}
	for i, q := range e.Questions {
		s.notice++
		first := len(s.at[q.Chat]) == 0 && !slices.ContainsFunc(e.Questions[:i], func(p *question) bool { return p.Chat == q.Chat })
		q.written(s.notice, first, e.Sender)
	}
	s.add(e)
	return nil
}

// stageProgress adds what becomes of a question. What is not as usual the tables judge.
func (s *steps) stageProgress(t *tx, e *entry) error {
	p := e.Progress
	q := s.open[p.Notice]
	if q == nil {
		return errForTables
	}
	usual := q.Sending && q.Owner == p.Owner && (q.Chat == p.Chat || p.What == isSent)
	if p.What == isClaimed {
		a, err := s.account(t, q.Chat)
		if err != nil {
			return err
		}
		usual = !q.Sending && q.notice.Kind != "" && s.at[q.Chat][0] == q && !a.waits
	}
	if !usual {
		return errForTables
	}
	s.add(e)
	p.asked = s.open[p.Notice]
	return nil
}

// add adds an entry.
func (s *steps) add(e *entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	done := staged{entry: e, told: len(s.told), sent: len(s.sent)}
	s.entries++
	if u := e.Update; u != nil {
		s.updates = append(s.updates, e)
		s.byID[u.ID] = true
		if u.Chat != 0 {
			s.bySpot[spotOf(*u)] = true
		}
	}
	if c := e.Customer; c != nil {
		done.old, done.had = s.customers[c.ID]
		s.customers[c.ID] = *c
	}
	for _, q := range e.Questions {
		s.hold(q)
		s.notice = max(s.notice, q.ID)
	}
	if p := e.Progress; p != nil {
		q := s.open[p.Notice]
		done.asked = q
		if q == nil || q.stored {
			s.told = append(s.told, p)
		}
		if q != nil {
			s.further(*q, p)
		}
	}
	s.staged = append(s.staged, done)
}

// further takes a question where some progress brings it.
func (s *steps) further(q question, p *progress) {
	switch p.What {
	case isClaimed:
		q.claimed(p.Owner, p.At)
	case isPartSent:
		q.Sent = p.Sent
	default:
		s.drop(&q)
		if !q.stored {
			q.settled(p)
			s.sent = append(s.sent, &q)
		}
		return
	}
	s.hold(&q)
}

// undo takes back what the log does not hold.
func (s *steps) undo() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.staged) - 1; i >= 0; i-- {
		was := s.staged[i]
		e := was.entry
		s.entries--
		if u := e.Update; u != nil {
			s.updates = s.updates[:len(s.updates)-1]
			delete(s.byID, u.ID)
			delete(s.bySpot, spotOf(*u))
		}
		if c := e.Customer; c != nil {
			delete(s.customers, c.ID)
			if was.had {
				s.customers[c.ID] = was.old
			}
		}
		for _, q := range e.Questions {
			s.drop(q)
		}
		s.told, s.sent = s.told[:was.told], s.sent[:was.sent]
		if was.asked != nil {
			s.hold(was.asked)
		}
	}
	s.staged = emptied(s.staged)
}

// keep ends the stage: what is on it is in the log.
func (s *steps) keep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.staged = emptied(s.staged)
}

// emptied is a list to be filled again, which keeps nothing alive.
func emptied[T any](list []T) []T {
	clear(list)
	return list[:0]
}

// hold keeps a question, in the place of what it was before.
func (s *steps) hold(q *question) {
	line := s.at[q.Chat]
	i, found := slices.BinarySearchFunc(line, q.ID, byQuestionID)
	if found {
		line[i] = q
	} else {
		line = slices.Insert(line, i, q)
	}
	s.open[q.ID], s.at[q.Chat] = q, line
}

func (s *steps) drop(q *question) {
	delete(s.open, q.ID)
	line := s.at[q.Chat]
	if i, found := slices.BinarySearchFunc(line, q.ID, byQuestionID); found {
		line = slices.Delete(line, i, i+1)
	}
	if s.at[q.Chat] = line; len(line) == 0 {
		delete(s.at, q.Chat)
	}
}

func byQuestionID(q *question, id int64) int { return cmp.Compare(q.ID, id) }

// folded tells that all is in the tables.
func (s *steps) folded() {
	if s.entries == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.updates {
		s.known.update, s.known.message = max(s.known.update, e.Update.ID), max(s.known.message, e.Update.Message)
	}
	for id, c := range s.customers {
		if a, ok := s.known.account[id]; ok {
			a.version = c.Version
			s.known.account[id] = a
		}
	}
	s.entries, s.updates, s.told, s.sent = 0, emptied(s.updates), emptied(s.told), emptied(s.sent)
	clear(s.byID)
	clear(s.bySpot)
	clear(s.customers)
	for _, q := range s.open {
		q.stored = true
	}
}

// changed tells that something but entries has changed the tables: asked questions
// there, settled or changed some, and met customers.
func (s *steps) changed(asked []*question, touched, met []int64) {
	s.known.valid = false
	for _, id := range met {
		delete(s.known.account, id)
	}
	for _, q := range asked {
		q.stored = true
		s.hold(q)
	}
	for _, id := range touched {
		if q := s.open[id]; q != nil {
			s.drop(q)
			delete(s.known.account, q.Chat)
		}
	}
}

// version is a customer's.
func (s *steps) version(t *tx, id int64) (int64, error) {
	if c, ok := s.customers[id]; ok {
		return c.Version, nil
	}
	a, err := s.account(t, id)
	return a.version, err
}

// account is what the tables hold of a customer.
func (s *steps) account(t *tx, id int64) (a account, err error) {
	if a, ok := s.known.account[id]; ok {
		return a, nil
	}
	if err := t.row(`SELECT version FROM customers WHERE id = ?`, id).Scan(&a.version); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return a, err
	}
	rows, err := t.query(`SELECT id FROM notices WHERE settled IS NULL AND chat = ? AND ticket IS NULL`, id)
	if err != nil {
		return a, err
	}
	waiting, err := collect(rows, scanID)
	if err != nil {
		return a, err
	}
	for _, notice := range waiting {
		a.waits = a.waits || s.open[notice] == nil && !s.wasSent(notice)
	}
	if !a.waits {
		if len(s.known.account) >= knownMost {
			clear(s.known.account)
		}
		s.known.account[id] = a
	}
	return a, nil
}

// wasSent tells whether a question was sent, where the table does not say so.
func (s *steps) wasSent(notice int64) bool {
	return slices.ContainsFunc(s.told, func(p *progress) bool { return p.Notice == notice && p.What == isSent })
}

// learn looks how far the tables have come, unless that is known.
func (s *steps) learn(t *tx) error {
	k := &s.known
	if k.valid {
		return nil
	}
	var last int64
	err := t.row(`SELECT (SELECT coalesce(max(id), 0) FROM updates), (SELECT coalesce(max(message), 0) FROM updates WHERE chat <> 0),
		(SELECT coalesce(max(id), 0) FROM notices)`).Scan(&k.update, &k.message, &last)
	if err != nil {
		return err
	}
	s.notice = max(s.notice, last)
	k.valid = true
	return nil
}

// stored tells whether the tables hold an update. Most are newer than all in there.
func (s *steps) stored(t *tx, u tickets.Update) (seen bool, err error) {
	if u.ID > s.known.update && (u.Chat == 0 || u.Message > s.known.message) {
		return false, nil
	}
	err = t.row(seenQuery, u.ID, u.Chat, u.Message, u.Edited).Scan(&seen)
	return seen, err
}
