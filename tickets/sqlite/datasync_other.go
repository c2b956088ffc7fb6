//go:build !linux

package sqlite

import "os"

// datasync puts what was written to a file on the disk.
func datasync(f *os.File) error { return f.Sync() }

// syncFolder does nothing: there is no such thing everywhere.
func syncFolder(string) error { return nil }
