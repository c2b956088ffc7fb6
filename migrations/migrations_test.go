package migrations

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// TestBothDialects: the stores have the same migrations, so that one version
// means the same in both, numbered without gaps.
func TestBothDialects(t *testing.T) {
	all := names(t, "sqlite")
	if other := names(t, "postgres"); !slices.Equal(all, other) {
		t.Errorf("sqlite has %v, postgres %v", all, other)
	}
	for i, name := range all {
		if !strings.HasPrefix(name, fmt.Sprintf("%05d_", i+1)) {
			t.Errorf("migration %d is called %s", i+1, name)
		}
	}
	if len(all) == 0 {
		t.Error("there are none")
	}
}

// TestOnlyUpwards: a file is sent as it stands, in a transaction. One that led down
// too would be undone as soon as it is done, and goose's other ways are not gone.
func TestOnlyUpwards(t *testing.T) {
	for _, dir := range []string{"sqlite", "postgres"} {
		for _, name := range names(t, dir) {
			text, err := fs.ReadFile(files, dir+"/"+name)
			if err != nil {
				t.Fatal(err)
			}
			rest, begins := strings.CutPrefix(string(text), upwards)
			if !begins || strings.Contains(rest, "+goose Up") || strings.Contains(rest, "+goose Down") || strings.Contains(rest, "+goose NO") {
				t.Errorf("%s/%s does not only lead up, in one transaction", dir, name)
			}
		}
	}
}
