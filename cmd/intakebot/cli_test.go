package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// TestHelp shows every subcommand, flag and variable, and so does a command's own.
func TestHelp(t *testing.T) {
	p := start(t, nil, "--help")
	if code := p.wait(t); code != 0 {
		t.Fatalf("exit status %d\n%s", code, p.err)
	}
	all := p.out.String()
	variables := 0
	for _, s := range subcommands {
		var own strings.Builder
		if err := execute(t.Context(), []string{s.name, "--help"}, streams{&own, io.Discard}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(all, own.String()) {
			t.Errorf("the help lacks %s", own.String())
		}
		want := []string{"intakebot " + s.name, s.does}
		_, flags := s.ready()
		flags.VisitAll(func(f *pflag.Flag) {
			placeholder, _ := pflag.UnquoteUsage(f)
			want = append(want, strings.TrimSpace("--"+f.Name+" "+placeholder))
			for _, env := range f.Annotations[variable] {
				want = append(want, "[$"+env+"]")
				variables++
			}
		})
		for _, w := range want {
			if !strings.Contains(own.String(), w) {
				t.Errorf("the help on %s lacks %s", s.name, w)
			}
		}
	}
	if variables != 2*9 {
		t.Errorf("%d variables in run and shelf", variables)
	}
	var own strings.Builder
	if err := execute(t.Context(), []string{"help", "shelf"}, streams{&own, io.Discard}); err != nil || !strings.HasPrefix(own.String(), "intakebot shelf ") {
		t.Errorf("help shelf: %v, %s", err, own.String())
	}
	for _, args := range [][]string{nil, {"-h"}, {"help"}} {
		if p := start(t, nil, args...); p.wait(t) != 0 || p.out.String() != all {
			t.Errorf("%q does not say the same", args)
		}
	}
}

// TestWrongWords: a command line with a mistake does nothing, and says which it is.
func TestWrongWords(t *testing.T) {
	for line, want := range map[string]string{
		"dance":                          "the first word is a command, one of demo, run,",
		"dance --help":                   "the first word is a command",
		"help dance":                     "the first word is a command",
		"--play demo":                    "the first word is a command",
		"demo --plays --help":            "word 1 is none of its flags; did you mean --play?",
		"demo --play --xyz":              "word 2 is none of its flags\n",
		"run --webhook_secret=x":         "word 1 is none of its flags; did you mean --webhook-secret?",
		"run --WEBHOOK_SECRETx":          "word 1 is none of its flags; did you mean --webhook-secret?",
		"run -test.x":                    "a flag is written",
		"run -agent-group-id=-5":         "a flag is written",
		"run x":                          "it takes no words beside its flags, and has 1",
		"run --webhook-secret":           "--webhook-secret has no value",
		"run --redis-url= x":             "it takes no words beside its flags, and has 1",
		"run --redis-url= --listen-addr": "--listen-addr has no value",
		"demo --lang= fr":                "--lang has an empty value",
		"demo --lang fr":                 "--lang is ru or en, and nothing else",
		"demo --play=maybe":              "--play is true or false",
		"demo --topics=":                 "--topics is true or false",
		"demo --data=":                   "--data has an empty value",
		"shelf --retry=":                 "--retry is true or false",
		"policy --check=":                "--check has an empty value",
	} {
		var out strings.Builder
		err := execute(t.Context(), strings.Split(line, " "), streams{&out, &out})
		var usage *usageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), " --help shows") || out.Len() > 0 {
			t.Errorf("%s: %v\n%s", line, err, out.String())
		}
	}
}

// TestSettingsAreRead: a flag goes before its variable, an empty one is as good as
// none, and a group's ID is not taken for a flag.
func TestSettingsAreRead(t *testing.T) {
	t.Setenv("AGENT_GROUP_ID", "-7")
	t.Setenv("LISTEN_ADDR", "127.0.0.1:1")
	t.Setenv("DATABASE_URL", "sqlite:of-the-environment.db")
	t.Setenv("TELEGRAM_API_URL", "")
	var c runCmd
	flags := pflag.NewFlagSet("run", pflag.ContinueOnError)
	c.flags(flags)
	if err := flags.Parse([]string{"--agent-group-id", "-1001,-1002", "--database-url=", "--webhook-secret", "-abc"}); err != nil {
		t.Fatal(err)
	}
	fromEnvironment(flags)
	c.fill()
	if want := (settings{APIURL: defaultAPI, Groups: "-1001,-1002", Database: defaultDatabase, Listen: "127.0.0.1:1", WebhookSecret: "-abc"}); c.settings != want {
		t.Errorf("%+v", c.settings)
	}
}

// TestPathsFromHome: a folder given as ~/x is below the home directory.
func TestPathsFromHome(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	if err := os.WriteFile(filepath.Join(home, "desk.yaml"), []byte("levels: 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := execute(t.Context(), []string{"policy", "--check=~/desk.yaml"}, streams{io.Discard, io.Discard})
	if err == nil || !strings.HasPrefix(err.Error(), filepath.Join(home, "desk.yaml")+":1: ") {
		t.Error(err)
	}
	c, err := settings{Database: "sqlite:~/desk.db", Policy: "~/desk.yaml"}.config()
	if c.database.file != filepath.Join(home, "desk.db") || !strings.Contains(err.Error(), filepath.Join(home, "desk.yaml")+":1: ") {
		t.Errorf("%+v: %v", c.database, err)
	}
	for path, want := range map[string]string{"~": home, "~/": home, "~x": "~x", "x/~": "x/~", "": ""} {
		if got, err := fromHome(path); got != want || err != nil {
			t.Errorf("%q is %q, %v", path, got, err)
		}
	}
}
