package sqlite

import (
	"errors"
	"os"
	"syscall"
)

// datasync puts what was written to a file on the disk.
func datasync(f *os.File) error {
	for {
		err := syscall.Fdatasync(int(f.Fd()))
		if err != syscall.EINTR {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}

// syncFolder puts the names of a folder's files on the disk.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, syscall.EINVAL) {
		err = nil // a file system that has no need of it
	}
	return errors.Join(err, dir.Close())
}
