package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"intakebot/tickets"
)

// TestLogIsLikeTables: whatever is done comes to the same by the log of steps as by
// the tables alone, though the log's store suffers: steps that cannot be appended,
// tables that are locked, kills, losses of power. Each of these made it fail when it
// was taken out: undo after a failed append, the log's new number then and after
// what is no step, where the tables stand in it, the last notice's ID that is kept
// there, what is told of questions in the tables, what waits there at a chat, which
// customers and questions have changed there.
func TestLogIsLikeTables(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := newTwin(t, r)
		defer w.close()
		for range rapid.IntRange(1, 40).Draw(r, "acts") {
			w.act()
			w.snap()
		}
		w.compare()
	})
}

// twin is a store with the log of steps, and one that does everything in its tables.
type twin struct {
	t      *testing.T
	r      *rapid.T
	log    *Store
	plain  *Store
	folder string
	path   string // of the store with the log

	now     time.Time
	updates int64
	notices []notice2
	given   map[int64]bool
	unlock  func() error

	number int64  // of the log when what follows was copied
	copied string // a folder with the file as the disk may have it at least
}

// notice2 is a notice by its two IDs.
type notice2 struct{ log, plain int64 }

const twinCustomers = 3

func newTwin(t *testing.T, r *rapid.T) *twin {
	folder, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	w := &twin{t: t, r: r, folder: folder, now: time.Unix(1_800_000_000, 0).UTC(), given: map[int64]bool{}}
	w.path = filepath.Join(folder, "0.db")
	w.log, w.plain = w.open(w.path), w.open(filepath.Join(folder, "plain.db"))
	w.snap()
	return w
}

func (w *twin) open(path string) *Store {
	s, err := Open(context.Background(), path)
	if err != nil {
		w.t.Fatal(err)
	}
	w.in(s, func(t *tx) {
		t.busy = time.Millisecond
		_, err = t.conn.ExecContext(context.Background(), `PRAGMA busy_timeout = 1`)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// in does something in a store's writer while nothing else is done there.
func (w *twin) in(s *Store, do func(*tx)) {
	w.t.Helper()
	done := &write{done: make(chan error, 1), run: func(t *tx) error { do(t); return errors.New("nothing is to be committed") }}
	_ = s.writer.await(context.Background(), done)
}

func (w *twin) close() {
	w.free()
	for _, s := range []*Store{w.log, w.plain} {
		if err := s.Close(); err != nil {
			w.t.Error(err)
		}
	}
	_ = os.RemoveAll(w.folder)
}

func (w *twin) free() {
	if w.unlock == nil {
		return
	}
	if err := w.unlock(); err != nil {
		w.t.Fatal(err)
	}
	w.unlock = nil
}

func (w *twin) act() {
	w.now = w.now.Add(time.Second)
	acts := []struct {
		name string
		do   func()
	}{
		{"step", w.step}, {"step", w.step}, {"step", w.step}, {"step", w.step},
		{"settle", w.settleUsual}, {"settle", w.settleUsual}, {"settle", w.settleUsual}, {"settle oddly", w.settleOddly},
		{"claim", w.claim}, {"claim along", w.claimAlong}, {"parts sent", w.noteSent},
		{"together", w.together}, {"commit", w.commitOdd}, {"orphans", w.orphans}, {"read", w.read}, {"read lists", w.readLists},
		{"fold", w.fold}, {"kill", w.kill}, {"lose power", w.losePower}, {"restart", w.restart},
		{"unwritten", w.unwritten}, {"lock", w.lock}, {"shelve", w.shelve}, {"much", w.much},
	}
	names := make([]string, len(acts))
	for i, a := range acts {
		names[i] = fmt.Sprintf("%02d %s", i, a.name)
	}
	acts[slices.Index(names, rapid.SampledFrom(names).Draw(w.r, "act"))].do()
}

// both compares what the two stores make of one thing; a store whose tables are
// locked may refuse it, and then it is done on neither.
func both[T any](w *twin, what string, log, plain func() (T, error)) {
	w.r.Helper()
	got, err := log()
	if w.unlock != nil && errors.Is(err, tickets.ErrAway) {
		return
	}
	want, wantErr := plain()
	if kind(err) != kind(wantErr) {
		w.r.Fatalf("%s: %v, by the tables %v", what, err, wantErr)
	}
	if err == nil && !reflect.DeepEqual(got, want) {
		w.r.Fatalf("%s:\n%+v, by the tables\n%+v", what, got, want)
	}
}

func kind(err error) string {
	for _, e := range []error{tickets.ErrDuplicate, tickets.ErrStale, tickets.ErrBehind, tickets.ErrNotFound, tickets.ErrAway} {
		if errors.Is(err, e) {
			return e.Error()
		}
	}
	if err != nil {
		return "another"
	}
	return ""
}

// paired takes new notices as they were written, and gives them without their IDs.
func (w *twin) paired(log, plain []tickets.Notice) ([]tickets.Notice, []tickets.Notice) {
	w.r.Helper()
	if len(log) != len(plain) {
		w.r.Fatalf("%d notices, by the tables %d", len(log), len(plain))
	}
	log, plain = slices.Clone(log), slices.Clone(plain)
	for i := range log {
		if w.given[log[i].ID] {
			w.r.Fatalf("notice %d was given before", log[i].ID)
		}
		w.given[log[i].ID] = true
		w.notices = append(w.notices, notice2{log[i].ID, plain[i].ID})
		log[i].ID, plain[i].ID = 0, 0
	}
	return log, plain
}

// named gives notices that were known with the IDs that the tables' store has.
func (w *twin) named(list []tickets.Notice) []tickets.Notice {
	w.r.Helper()
	list = slices.Clone(list)
	for i := range list {
		k := slices.IndexFunc(w.notices, func(n notice2) bool { return n.log == list[i].ID })
		if k < 0 {
			w.r.Fatalf("notice %d was never given", list[i].ID)
		}
		list[i].ID = w.notices[k].plain
	}
	return list
}

// change draws a change of a customer.
func (w *twin) change(id int64, odd bool) tickets.Change {
	r, rarely := w.r, func(what string) bool { return odd && rapid.IntRange(0, 4).Draw(w.r, what) == 0 }
	k, err := w.plain.Customer(context.Background(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	k.Lang, k.Session = tickets.English, fmt.Appendf(nil, `{"at":%d}`, w.now.Unix())
	k.Wake = time.Time{}
	if rapid.Bool().Draw(r, "wakes") {
		k.Wake = w.now.Add(time.Duration(rapid.IntRange(-5, 5).Draw(r, "wake")) * time.Second)
	}
	c := tickets.Change{At: w.now, Customer: &k, Sender: rapid.SampledFrom([]string{"a", "a", "b", ""}).Draw(r, "sender")}
	w.updates++
	c.Update = &tickets.Update{ID: w.updates, Chat: id, Message: w.updates}
	if rarely("known update") {
		c.Update.ID -= int64(rapid.IntRange(1, 5).Draw(r, "before"))
	}
	if rarely("known message") {
		c.Update.Message -= int64(rapid.IntRange(1, 5).Draw(r, "before"))
	}
	if rarely("no message") {
		c.Update.Chat, c.Update.Message = 0, 0
	}
	if rarely("stale") {
		k.Version--
	}
	if rarely("no customer") {
		c.Customer = nil
	}
	if rarely("no update") {
		c.Update = nil
	}
	for i := range rapid.IntRange(0, 2).Draw(r, "questions") {
		n := tickets.Notice{To: tickets.Address{Chat: id}, Kind: tickets.NoticeSend, Lang: tickets.English, Message: tickets.Say(fmt.Sprint("q", i), nil)}
		switch {
		case rarely("answer"):
			n.Priority = tickets.PriorityAnswer
		case rarely("once"):
			n.Once = true
		case rarely("later"):
			n.After = w.now.Add(2 * time.Second)
		case rarely("merge"):
			n.Merge = "m"
		case rarely("drops"):
			n.Drops = "m"
		case rarely("elsewhere"):
			n.To.Chat = id%twinCustomers + 1
		}
		c.Notices = append(c.Notices, n)
	}
	return c
}

func (w *twin) customer() int64 { return int64(rapid.IntRange(1, twinCustomers).Draw(w.r, "customer")) }

func (w *twin) step()      { w.commit(w.change(w.customer(), false)) }
func (w *twin) commitOdd() { w.commit(w.change(w.customer(), true)) }

func (w *twin) commit(c tickets.Change) {
	var log, plain tickets.Committed
	ctx := context.Background()
	both(w, fmt.Sprintf("Commit %+v", c), func() (int, error) {
		var err error
		log, err = w.log.Commit(ctx, c)
		return len(log.Notices), err
	}, func() (int, error) {
		var err error
		plain, err = answer(ctx, w.plain.writer, func(t *tx) (tickets.Committed, error) { return t.commit(c) })
		return len(plain.Notices), err
	})
	w.sameNotices(log.Notices, plain.Notices)
}

func (w *twin) sameNotices(log, plain []tickets.Notice) {
	w.r.Helper()
	if log, plain := w.paired(log, plain); !reflect.DeepEqual(log, plain) {
		w.r.Fatalf("written\n%+v, by the tables\n%+v", log, plain)
	}
}

// together has every customer take a step in one group of writes.
func (w *twin) together() {
	if w.unlock != nil {
		return
	}
	var changes []tickets.Change
	for id := range int64(twinCustomers) {
		changes = append(changes, w.change(id+1, false)) // which nobody else's is before or after
	}
	ctx := context.Background()
	done, writes := make([]tickets.Committed, len(changes)), []func(context.Context) error{}
	for i, c := range changes {
		writes = append(writes, func(ctx context.Context) (err error) {
			done[i], err = w.log.Commit(ctx, c)
			return err
		})
	}
	errs := together(w.t, w.log, writes...)
	for i, c := range changes {
		plain, err := answer(ctx, w.plain.writer, func(t *tx) (tickets.Committed, error) { return t.commit(c) })
		if kind(err) != kind(errs[i]) {
			w.r.Fatalf("Commit %+v: %v, by the tables %v", c, errs[i], err)
		}
		if err == nil {
			w.sameNotices(done[i].Notices, plain.Notices)
		}
	}
}

// some draws a notice that was written.
func (w *twin) some() (n notice2, ok bool) {
	if len(w.notices) == 0 {
		return n, false
	}
	last := w.notices[max(0, len(w.notices)-6):]
	return last[rapid.IntRange(0, len(last)-1).Draw(w.r, "notice")], true
}

func (w *twin) owner() string {
	return rapid.SampledFrom([]string{"a", "a", "a", "b"}).Draw(w.r, "owner")
}

func (w *twin) claim()      { w.claimBy(false) }
func (w *twin) claimAlong() { w.claimBy(true) }

func (w *twin) claimBy(along bool) {
	n, ok := w.some()
	if !ok {
		return
	}
	owner, ctx := w.owner(), context.Background()
	both(w, fmt.Sprintf("Claim of %+v by %s", n, owner), func() (tickets.Claim, error) {
		claim := w.log.Claim
		if along {
			claim = w.log.ClaimAlong
		}
		c, err := claim(ctx, owner, n.log, w.now)
		if err == nil {
			c.Notice = w.named([]tickets.Notice{c.Notice})[0]
		}
		return c, err
	}, func() (tickets.Claim, error) {
		var with any
		if along {
			with = owner
		}
		return answer(ctx, w.plain.writer, func(t *tx) (tickets.Claim, error) { return t.claim(owner, with, n.plain, w.now) })
	})
}

func (w *twin) noteSent() {
	n, ok := w.some()
	if !ok {
		return
	}
	owner, chat, ctx := w.owner(), w.customer(), context.Background()
	both(w, fmt.Sprintf("NoteSent of %+v by %s at %d", n, owner, chat), func() (none struct{}, err error) {
		return none, w.log.NoteSent(ctx, owner, n.log, chat, []int64{7})
	}, func() (none struct{}, err error) {
		return none, w.plain.writer.do(ctx, func(t *tx) error { return t.noteSent(owner, n.plain, chat, []int64{7}) })
	})
}

func (w *twin) settleUsual() { w.settle(tickets.Settlement{Outcome: tickets.Delivered}) }

func (w *twin) settleOddly() {
	o := rapid.SampledFrom([]tickets.Settlement{
		{Outcome: tickets.Again, After: w.now.Add(time.Second)}, {Outcome: tickets.Again, Unknown: true},
		{Outcome: tickets.Undeliverable, Cause: "gone"}, {Outcome: tickets.Undeliverable, Blocked: true, Cause: "blocked"},
		{Outcome: tickets.Delivered, Then: []tickets.Notice{{To: tickets.Address{Chat: w.customer()}, Kind: tickets.NoticeSend}}},
	}).Draw(w.r, "outcome")
	w.settle(o)
}

func (w *twin) settle(o tickets.Settlement) {
	n, ok := w.some()
	if !ok {
		return
	}
	owner, ctx := w.owner(), context.Background()
	o.At, o.Sent, o.Chat = w.now, []int64{8}, int64(rapid.IntRange(0, twinCustomers).Draw(w.r, "chat"))
	var log, plain []tickets.Notice
	both(w, fmt.Sprintf("Settle %+v of %+v by %s", o, n, owner), func() (int, error) {
		var err error
		o.Notice = n.log
		log, err = w.log.Settle(ctx, owner, o)
		return len(log), err
	}, func() (int, error) {
		var err error
		o.Notice = n.plain
		plain, err = answer(ctx, w.plain.writer, func(t *tx) ([]tickets.Notice, error) { return t.settle(owner, o) })
		return len(plain), err
	})
	w.sameNotices(log, plain)
}

func (w *twin) orphans() {
	owner, claimed, ctx := w.owner(), w.now.Add(-2*time.Second), context.Background()
	both(w, "Orphans", func() ([]tickets.Notice, error) {
		list, err := w.log.Orphans(ctx, owner, claimed)
		return w.named(list), err
	}, func() ([]tickets.Notice, error) {
		list, err := w.plain.Orphans(ctx, owner, claimed)
		return slices.Clone(list), err
	})
}

func (w *twin) read() {
	id, ctx := w.customer(), context.Background()
	both(w, "Customer", func() (tickets.Customer, error) { return w.log.Customer(ctx, id) },
		func() (tickets.Customer, error) { return w.plain.Customer(ctx, id) })
	u := tickets.Update{ID: w.updates + 1 - int64(rapid.IntRange(0, 5).Draw(w.r, "before")), Chat: id, Message: w.updates - 1}
	both(w, "Seen", func() (bool, error) { return w.log.Seen(ctx, u) }, func() (bool, error) { return w.plain.Seen(ctx, u) })
}

func (w *twin) readLists() {
	ctx := context.Background()
	both(w, "Unsent", func() (int, error) { return w.log.Unsent(ctx) }, func() (int, error) { return w.plain.Unsent(ctx) })
	both(w, "Sleepers", func() ([]int64, error) { return w.log.Sleepers(ctx, w.now, 10) },
		func() ([]int64, error) { return w.plain.Sleepers(ctx, w.now, 10) })
	both(w, "Waiting", func() ([]tickets.Notice, error) {
		list, err := w.log.Waiting(ctx, w.now, w.now, 10)
		return w.named(list), err
	}, func() ([]tickets.Notice, error) {
		list, err := w.plain.Waiting(ctx, w.now, w.now, 10)
		return slices.Clone(list), err
	})
	both(w, "Held", func() ([]tickets.Notice, error) {
		list, err := w.log.Held(ctx, "a", w.now)
		return w.named(list), err
	}, func() ([]tickets.Notice, error) {
		list, err := w.plain.Held(ctx, "a", w.now)
		return slices.Clone(list), err
	})
}

func (w *twin) shelve() {
	sh := tickets.Shelved{Update: tickets.Update{ID: w.updates + 1, Chat: 1, Message: w.updates + 1}, Cause: "odd", At: w.now}
	ctx := context.Background()
	both(w, "Shelve", func() (none struct{}, err error) { return none, w.log.Shelve(ctx, sh) },
		func() (none struct{}, err error) { return none, w.plain.Shelve(ctx, sh) })
}

func (w *twin) fold() {
	if err := w.log.upToDate(context.Background()); err != nil && w.unlock == nil {
		w.r.Fatal(err)
	}
}

// much is more than the log waits with, one step after the other.
func (w *twin) much() {
	for range foldSome / 4 {
		w.now = w.now.Add(time.Second)
		w.step()
	}
}

// unwritten lets one step fail after it was appended.
func (w *twin) unwritten() {
	if w.unlock != nil {
		return
	}
	log := w.log.writer.tx.log
	log.sync = func(*os.File) error {
		log.sync = datasync
		return errors.New("the disk is gone")
	}
	w.commit(w.change(w.customer(), false))
	if rapid.Bool().Draw(w.r, "dies") {
		w.kill()
	}
}

// lock has somebody else hold the file, or end that.
func (w *twin) lock() {
	if w.unlock != nil {
		w.free()
		return
	}
	hold := locks(w.t, w.path, "immediate")
	w.unlock = hold.Rollback
}

// snap copies the file as the disk must have it at least: the tables are waited for
// until something is in the log that continues them.
func (w *twin) snap() {
	if log := w.log.writer.tx.log; w.copied == "" || log.end == 0 || log.number != w.number {
		w.number = log.number
		_ = os.RemoveAll(w.copied)
		w.copied = w.copy("", ".db", ".db-wal")
	}
}

// copy copies files of the store with the log.
func (w *twin) copy(folder string, endings ...string) string {
	if folder == "" {
		var err error
		if folder, err = os.MkdirTemp(w.folder, ""); err != nil {
			w.t.Fatal(err)
		}
	}
	for _, ending := range endings {
		b, err := os.ReadFile(strings.TrimSuffix(w.path, ".db") + ending)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, "0"+ending), b, 0o600)
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
	return folder
}

func (w *twin) kill() { w.another(w.copy("", ".db-steps", ".db-wal", ".db")) }

// losePower leaves what was waited for: the log, and tables that may be as old as its
// number.
func (w *twin) losePower() { w.another(w.copy(w.copied, ".db-steps")) }

// another goes on with other files.
func (w *twin) another(folder string) {
	w.free()
	if err := w.log.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.path = filepath.Join(folder, "0.db")
	w.log, w.copied = w.open(w.path), ""
}

func (w *twin) restart() {
	w.free()
	if err := w.log.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.log, w.copied = w.open(w.path), ""
}

// compare compares the tables.
func (w *twin) compare() {
	w.free()
	w.fold()
	for _, query := range []string{
		`SELECT json_array(id, version, lang, session, wake, blocked, banned) FROM customers ORDER BY id`,
		`SELECT json_array(id, chat, message, edited, at) FROM updates ORDER BY id`,
	} {
		if got, want := w.rows(w.log, query), w.rows(w.plain, query); !slices.Equal(got, want) {
			w.r.Errorf("%s:\n%s, by the tables\n%s", query, got, want)
		}
	}
	for _, n := range w.notices {
		const row = `SELECT json_array(chat, ticket, about, kind, priority, lang, message, title, target, once, merge, written, after, state, owner,
			claimed, attempts, doubtful, sent, settled, cause, extra) FROM notices WHERE id = %d`
		got, want := w.rows(w.log, fmt.Sprintf(row, n.log)), w.rows(w.plain, fmt.Sprintf(row, n.plain))
		if !slices.Equal(got, want) {
			w.r.Errorf("notice %+v:\n%s, by the tables\n%s", n, got, want)
		}
	}
}

func (w *twin) rows(s *Store, query string) []string {
	list, err := list(context.Background(), s, func(row scanner) (text string, err error) {
		err = row.Scan(&text)
		return text, err
	}, query)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}
