package sqlite

import (
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
