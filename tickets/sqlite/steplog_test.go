package sqlite

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"intakebot/tickets"
)

// someEntries are entries of every kind.
func someEntries() []*entry {
	customer := tickets.Customer{ID: 7, Version: 3, Lang: "ru", Session: json.RawMessage(`{"a":1}`), Wake: time.UnixMicro(99).UTC(), Banned: true}
	return []*entry{
		{At: 5, Update: &tickets.Update{ID: 1, Chat: -2, Message: 3, Edited: 1 << 40}, Customer: &customer},
		{At: 6, Questions: []*question{
			{ID: 1, Chat: 7, Kind: "send", Message: `{"m":"привет"}`, Title: "{}", Sent: "null", Extra: "{}", Owner: "a", Claimed: 6, Attempts: 1, Written: 6},
			{ID: 2, Chat: 7, Kind: "send", Priority: 2, Lang: "en", Target: 9},
		}},
		{At: 7, Progress: &progress{Notice: 1, Owner: "a", At: 7, What: isSent, Chat: 7, Sent: "[5]"}},
		{At: -8, Customer: &tickets.Customer{ID: 8, Version: 1}},
	}
}

// newStepLog is a log of a number with some frames; ends has where each ends.
func newStepLog(t *testing.T, number int64, frames ...[]*entry) (l *stepLog, ends []int64) {
	t.Helper()
	l = &stepLog{path: filepath.Join(t.TempDir(), "steps"), sync: datasync, number: number}
	for _, f := range frames {
		if err := l.append(f); err != nil {
			t.Fatal(err)
		}
		ends = append(ends, l.end)
	}
	t.Cleanup(func() { _ = l.file.Close() })
	return l, ends
}

func readAll(t *testing.T, l *stepLog, number, from int64) []*entry {
	t.Helper()
	got, err := (&stepLog{path: l.path}).read(number, from)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestStepLogGivesWhatItTook(t *testing.T) {
	all := someEntries()
	l, ends := newStepLog(t, -5, all[:1], all[1:3], all[3:])
	for i, from := range []int64{0, ends[0], ends[1], ends[2]} {
		want := slices.Clone(all[min(2*i-min(i, 1), 4):])
		if i == 0 {
			want = all
		}
		if got := readAll(t, l, -5, from); len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("from byte %d: %d entries %+v, want %d", from, len(got), got, len(want))
		}
	}
	if got := readAll(t, l, 4, 0); got != nil {
		t.Errorf("of another number: %+v", got)
	}
	if got, err := (&stepLog{path: l.path + "?"}).read(0, 0); got != nil || err != nil {
		t.Errorf("of no file: %v, %v", got, err)
	}
}

// TestStepLogEndsWhereItIsTorn: of a log that was cut, or holds a wrong byte, the
// frames before count, and no other.
func TestStepLogEndsWhereItIsTorn(t *testing.T) {
	all := someEntries()
	l, ends := newStepLog(t, 5, all[:1], all[1:3], all[3:])
	upTo := []int{1, 3, 4}
	whole, err := os.ReadFile(l.path)
	if err != nil {
		t.Fatal(err)
	}
	for at := range whole {
		want := 0
		for i, end := range ends {
			if end <= int64(at) {
				want = upTo[i]
			}
		}
		cut := whole[:at]
		wrong := slices.Clone(whole)
		wrong[at] ^= 1
		for name, b := range map[string][]byte{"cut": cut, "wrong": wrong} {
			if err := os.WriteFile(l.path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			if got := readAll(t, l, 5, 0); len(got) != want {
				t.Errorf("%s at byte %d: %d entries, want %d", name, at, len(got), want)
			}
		}
	}
}

// TestStepLogForgetsWhatItOverwrites: frames of a number before do not follow those
// of the next, even where one ends just where another began.
func TestStepLogForgetsWhatItOverwrites(t *testing.T) {
	all := someEntries()
	l, _ := newStepLog(t, 5, all[:1], all[:1], all[1:3])
	for _, number := range []int64{6, 5} {
		l.restart(number)
		if err := l.append([]*entry{{At: 9, Update: all[0].Update, Customer: all[0].Customer}}); err != nil {
			t.Fatal(err)
		}
		if got := readAll(t, l, number, 0); len(got) != 1 || got[0].At != 9 {
			t.Errorf("after a restart: %d entries", len(got))
		}
	}
}

// TestStepLogOfAnotherProgram: what cannot be read is not left out, for it was
// acknowledged.
func TestStepLogOfAnotherProgram(t *testing.T) {
	s, path := openStore(t)
	if _, err := s.Commit(t.Context(), change(1)); err != nil {
		t.Fatal(err)
	}
	log := s.writer.tx.log
	err := s.writer.do(t.Context(), func(t *tx) error { // which gives the log a new number
		t.met = nil
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	frame := binary.LittleEndian.AppendUint64(nil, uint64(log.number))
	frame = binary.LittleEndian.AppendUint32(frame, 1)
	frame = append(frame, 0, 0, 0, 0, 0xff)
	binary.LittleEndian.PutUint32(frame[12:], checksum(0, frame))
	copied := filepath.Join(t.TempDir(), "desk.db")
	for _, ending := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + ending)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied+ending, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(copied+"-steps", frame, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), copied)
	if !errors.Is(err, errEntry) || !strings.Contains(err.Error(), copied+"-steps") {
		t.Errorf("opened with %v", err)
	}
	if b, err := os.ReadFile(copied + "-steps"); err != nil || !slices.Equal(b, frame) {
		t.Errorf("what could not be read is changed: %x (%v)", b, err)
	}
}

// FuzzEntries: whatever the bytes, they are entries or an error, and entries are
// read as they were written.
func FuzzEntries(f *testing.F) {
	var c coder
	for _, e := range someEntries() {
		c.entry(e)
		f.Add(slices.Clone(c.b))
	}
	f.Add([]byte{2, 0, 0, 0xfe, 0xff, 0xff, 0x7f, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := decode(b)
		if err != nil {
			return
		}
		var c coder
		for _, e := range all {
			c.entry(e)
		}
		again, err := decode(c.b)
		if err != nil || !reflect.DeepEqual(all, again) {
			t.Errorf("%+v (%v), before %+v", again, err, all)
		}
	})
}

// TestEveryLifeHasALogOfItsOwn: its number is in tables that were waited for, so that a
// new file, or one that was brought up to date, is on the disk before a log continues it.
func TestEveryLifeHasALogOfItsOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	known := map[int64]bool{}
	for range 3 {
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		var number int64
		if err := s.row(t.Context(), `SELECT log FROM steps`).Scan(&number); err != nil {
			t.Fatal(err)
		}
		if known[number] || number != s.writer.tx.log.number || s.writer.tx.relaxed {
			t.Errorf("the log has number %d, in the tables %d, known: %v; relaxed: %v", s.writer.tx.log.number, number, known[number], s.writer.tx.relaxed)
		}
		known[number] = true
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTheTablesTakeWhatTheLogTakes: an entry that they refused would be in the way of
// everything after it.
func TestTheTablesTakeWhatTheLogTakes(t *testing.T) {
	question := tickets.Notice{To: tickets.Address{Chat: 7}, Kind: tickets.NoticeSend}
	epoch := time.Unix(0, 0)
	for name, do := range map[string]func(*Store) error{
		"a claim of nobody": func(s *Store) error {
			done, err := s.Commit(t.Context(), tickets.Change{Notices: []tickets.Notice{question}, At: time.Now()})
			if err == nil {
				_, err = s.Claim(t.Context(), "", done.Notices[0].ID, time.Now())
			}
			return err
		},
		"a claim in 1970": func(s *Store) error {
			done, err := s.Commit(t.Context(), tickets.Change{Notices: []tickets.Notice{question}, At: time.Now()})
			if err == nil {
				_, err = s.Claim(t.Context(), "a", done.Notices[0].ID, epoch)
			}
			return err
		},
		"a step in 1970": func(s *Store) error {
			_, err := s.Commit(t.Context(), tickets.Change{Notices: []tickets.Notice{question}, At: epoch, Sender: "a"})
			return err
		},
		"odd bytes": func(s *Store) error {
			odd := question
			odd.Lang, odd.Message = "\x00\xff", tickets.Say("\xff\x00", nil)
			_, err := s.Commit(t.Context(), tickets.Change{
				Notices: []tickets.Notice{odd}, Sender: "\xff\x00",
				Customer: &tickets.Customer{ID: -1 << 63, Lang: "\x00\xff", Session: []byte("\"\xff\"")},
				Update:   &tickets.Update{ID: -1 << 63, Chat: 1<<63 - 1},
			})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, path := openStore(t)
			if err := do(s); err != nil {
				t.Fatal(err)
			}
			if s.writer.tx.steps.entries == 0 {
				t.Error("it is not in the log")
			}
			if n, err := s.Unsent(t.Context()); n != 1 || err != nil {
				t.Errorf("%d notices: %v", n, err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			again, err := Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			if err := again.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestNobodySeesWhatMayBeLost: a step is read when it is on the disk, and not while
// it may still fail.
func TestNobodySeesWhatMayBeLost(t *testing.T) {
	s, path := openStore(t)
	err := s.writer.do(t.Context(), func(t *tx) error {
		_, err := t.conn.ExecContext(context.Background(), `PRAGMA busy_timeout = 1`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(t.Context(), change(1)); err != nil {
		t.Fatal(err)
	}
	s.hot.clear()
	looks := func(when string, version int64, known bool) {
		t.Helper()
		seen, err := s.Seen(t.Context(), tickets.Update{ID: 50})
		if got := versions(t, s, 1)[0]; got != version || seen != known || err != nil {
			t.Errorf("%s: version %d, its update known: %v (%v)", when, got, seen, err)
		}
	}
	next := change(1)
	next.Update.ID, next.Customer.Version = 50, 1
	for _, fails := range []bool{true, false} {
		log := s.writer.tx.log
		log.sync = func(f *os.File) error {
			log.sync = datasync
			looks("while it is written", 1, false)
			if fails {
				return errors.New("the disk is gone")
			}
			return datasync(f)
		}
		hold := locks(t, path, "deferred")
		if fails { // and the tables fail too
			hold = locks(t, path, "immediate")
		}
		if _, err := s.Commit(t.Context(), next); (err != nil) != fails {
			t.Errorf("where the log and the tables fail, %t: %v", fails, err)
		}
		if err := hold.Rollback(); err != nil {
			t.Fatal(err)
		}
	}
	looks("when it is written", 2, true)
}

// TestAStepIsKeptAsItWasGiven: whoever gave it may use its memory for the next.
func TestAStepIsKeptAsItWasGiven(t *testing.T) {
	s, _ := openStore(t)
	u := tickets.Update{ID: 1, Chat: 7, Message: 1}
	if _, err := s.Commit(t.Context(), tickets.Change{Update: &u}); err != nil {
		t.Fatal(err)
	}
	u = tickets.Update{ID: 2, Chat: 7, Message: 2}
	if err := s.upToDate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64]bool{1: true, 2: false} {
		if seen, err := s.Seen(t.Context(), tickets.Update{ID: id}); err != nil || seen != want {
			t.Errorf("update %d is known: %v (%v)", id, seen, err)
		}
	}
}
