package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

const (
	// stepLogMost is how long the log becomes, in bytes.
	stepLogMost = 4 << 20
	// frameHead is the length of what goes before the entries of a frame: the log's
	// number, the length of the entries, and a checksum over the one before, this
	// head and the entries.
	frameHead = 16
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// stepLog is the file that steps of a dialog are appended to, a frame for all that
// come together. Table steps tells how much of it the tables hold. When something
// else changes them, or it is long enough, it gets a new number and is written from
// its beginning: frames of another number, and what follows a frame that is not
// whole, do not count. That it is written over, and not made anew, saves its length
// from being put on the disk too.
type stepLog struct {
	path   string
	file   *os.File             // nil: not open yet
	sync   func(*os.File) error // datasync, but in tests
	number int64
	end    int64 // of the last frame
	sum    uint32
	frame  coder
	spent  bool // takes nothing more under this number
}

// append puts entries on the disk, all or none. After an error nobody knows, and the
// log is spent: whoever reads it finds them or not, and both must be right.
func (l *stepLog) append(all []*entry) error {
	err := l.write(all)
	l.spent = err != nil || l.end >= stepLogMost
	return err
}

func (l *stepLog) write(all []*entry) error {
	if l.file == nil {
		if err := l.create(); err != nil {
			return err
		}
	}
	l.frame.b = append(l.frame.b[:0], make([]byte, frameHead)...)
	for _, e := range all {
		l.frame.entry(e)
	}
	b := l.frame.b
	binary.LittleEndian.PutUint64(b, uint64(l.number))
	binary.LittleEndian.PutUint32(b[8:], uint32(len(b)-frameHead))
	sum := checksum(l.sum, b)
	binary.LittleEndian.PutUint32(b[12:], sum)
	if _, err := l.file.WriteAt(b, l.end); err != nil {
		return err
	}
	if err := l.sync(l.file); err != nil {
		return err
	}
	l.end += int64(len(b))
	l.sum = sum
	return nil
}

// checksum is that of a frame, behind one with a checksum.
func checksum(before uint32, frame []byte) uint32 {
	sum := crc32.Update(before, castagnoli, frame[:12])
	return crc32.Update(sum, castagnoli, frame[frameHead:])
}

func (l *stepLog) create() error {
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := syncFolder(filepath.Dir(l.path)); err != nil {
		return errors.Join(err, f.Close())
	}
	l.file = f
	return nil
}

// read gives the entries of the log of a number that begin at some byte or later; none
// where there is no such log.
func (l *stepLog) read(number, from int64) (all []*entry, err error) {
	l.number = number
	b, err := os.ReadFile(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for sum := uint32(0); err == nil && len(b) >= frameHead; {
		n := uint64(frameHead) + uint64(binary.LittleEndian.Uint32(b[8:]))
		if int64(binary.LittleEndian.Uint64(b)) != number || n > uint64(len(b)) || checksum(sum, b[:n]) != binary.LittleEndian.Uint32(b[12:]) {
			break
		}
		sum = binary.LittleEndian.Uint32(b[12:])
		if from -= int64(n); from < 0 {
			var some []*entry
			some, err = decode(b[frameHead:n])
			all = append(all, some...)
		}
		b = b[n:]
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", l.path, err)
	}
	return all, nil
}

// next is a number for the log that follows.
func (l *stepLog) next() int64 { return rand.Int64() }

// restart begins the log of a number, once the tables know it.
func (l *stepLog) restart(number int64) { l.number, l.end, l.sum, l.spent = number, 0, 0, false }

// close ends the log; all tells that its entries are in the tables, and it is not
// needed any more.
func (l *stepLog) close(all bool) error {
	var err error
	if l.file != nil {
		err = l.file.Close()
	}
	if !all {
		return err
	}
	if gone := os.Remove(l.path); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		return errors.Join(err, gone)
	}
	return err
}
