// Package policy reads the desk's regulation from YAML, and ships one: the
// commented policy.yaml beside this file, which also describes the format.
//
// Reading is strict, and it reports every mistake at once, each with its line
// and with what to write instead, so that whoever edits the file needs one try
// and not ten.
package policy

import (
	"bytes"
	_ "embed"
	"io"
	"os"
	"sync"

	"intakebot/tickets"
)

//go:embed policy.yaml
var shipped []byte

// Shipped is the regulation that the product ships with. Each call makes a
// fresh one, which may be changed.
func Shipped() tickets.Policy {
	p, err := read("policy.yaml", bytes.NewReader(shipped), nil)
	if err != nil {
		panic("policy: the shipped policy is wrong:\n" + err.Error())
	}
	return p
}

// ShippedFile is the text of the shipped policy, for a desk to start its own
// from.
func ShippedFile() []byte { return bytes.Clone(shipped) }

// File reads the policy in a file. The error is as of Read, or an *os.PathError.
func File(path string) (tickets.Policy, error) {
	f, err := os.Open(path)
	if err != nil {
		return tickets.Policy{}, err
	}
	defer f.Close()
	return Read(path, f)
}

// Read reads a policy; name is what mistakes call it. Limits and agents'
// settings that are left out are as shipped. The error joins a *Mistake for
// everything that is wrong, in the order of the lines, or is the reader's.
func Read(name string, r io.Reader) (tickets.Policy, error) {
	defaults := shippedOnce()
	return read(name, r, &defaults)
}

// shippedOnce spares Read the work. Of what it returns, only plain values may
// go into another policy.
var shippedOnce = sync.OnceValue(Shipped)

// read reads a policy. Without defaults nothing may be left out of it.
func read(name string, r io.Reader, defaults *tickets.Policy) (tickets.Policy, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return tickets.Policy{}, err
	}
	src := newSource(name)
	root, ok := src.parse(text)
	if !ok {
		return tickets.Policy{}, src.err()
	}
	p := readPolicy(root, defaults)
	if err := src.err(); err != nil {
		return tickets.Policy{}, err
	}
	return p, nil
}
