package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"intakebot/tickets/policy"
)

// TestNothingConfigured: run without any configuration names what is missing,
// each on a line of its own.
func TestNothingConfigured(t *testing.T) {
	p := start(t, nil, "run")
	if code := p.wait(t); code != exitUsage {
		t.Errorf("exit status %d", code)
	}
	wantLines(t, p.err.String(), "TELEGRAM_BOT_TOKEN: is missing", "AGENT_GROUP_ID: is missing")
}

// TestEverythingWrong: every mistake is told at once, and no secret with it (P8).
func TestEverythingWrong(t *testing.T) {
	policy := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(policy, []byte("levels: 7\nwhatever: true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, map[string]string{
		"TELEGRAM_BOT_TOKEN": "hush-hush", "TELEGRAM_API_URL": "ftp://x", "AGENT_GROUP_ID": "-100, desk, 5",
		"DATABASE_URL": "postgres://me:hush-hush@host:notaport/db", "REDIS_URL": "redis://:hush-hush@host:notaport/x",
		"WEBHOOK_URL": "http://me:hush-hush@x", "WEBHOOK_SECRET": "hush hush-hush", "LISTEN_ADDR": "here", "POLICY_FILE": policy,
	}, "run")
	if code := p.wait(t); code != exitUsage {
		t.Errorf("exit status %d", code)
	}
	said := p.err.String()
	wantLines(t, said, "TELEGRAM_BOT_TOKEN: is not a token", "TELEGRAM_API_URL: ", "AGENT_GROUP_ID: number 2 ", "AGENT_GROUP_ID: number 3 ",
		"DATABASE_URL: ", "REDIS_URL: ", "LISTEN_ADDR: ", "POLICY_FILE: ", "POLICY_FILE: ", "WEBHOOK_URL: ", "WEBHOOK_SECRET: ")
	if strings.Contains(said+p.out.String(), "hush") {
		t.Errorf("a secret is told:\n%s", said)
	}
}

// wantLines holds the lines that were said against their beginnings, in order.
// More lines may follow one of its own kind.
func wantLines(t *testing.T, said string, begin ...string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(said), "\n")
	for i, line := range lines {
		if name, _, ok := strings.Cut(line, ": "); !ok || strings.Contains(name, " ") {
			t.Errorf("line %d names no variable: %q", i+1, line)
		}
	}
	at := 0
	for _, want := range begin {
		for at < len(lines) && !strings.HasPrefix(lines[at], want) {
			at++
		}
		if at == len(lines) {
			t.Fatalf("no line %q where it belongs in\n%s", want, said)
		}
		at++
	}
}

// TestEachMistake: one wrong value among right ones is one line.
func TestEachMistake(t *testing.T) {
	right := settings{
		Token: "123456789:" + strings.Repeat("A", 35), APIURL: "https://api.telegram.org", Groups: "-1001234567890",
		Database: "sqlite:x.db", Listen: "127.0.0.1:8080",
	}
	if _, err := right.config(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*settings){
		"TELEGRAM_BOT_TOKEN": func(s *settings) { s.Token = "123456789" },
		"TELEGRAM_API_URL":   func(s *settings) { s.APIURL = "https://api.telegram.org?x=1" },
		"AGENT_GROUP_ID":     func(s *settings) { s.Groups = "-1001,," },
		"DATABASE_URL":       func(s *settings) { s.Database = "mysql://x" },
		"REDIS_URL":          func(s *settings) { s.Redis = "redis://127.0.0.1:6379" }, // beside SQLite
		"WEBHOOK_URL":        func(s *settings) { s.WebhookURL, s.WebhookSecret = "http://x/y", "s" },
		"WEBHOOK_SECRET":     func(s *settings) { s.WebhookURL = "https://x/y" },
		"LISTEN_ADDR":        func(s *settings) { s.Listen = "127.0.0.1:http" },
		"POLICY_FILE":        func(s *settings) { s.Policy = "/nowhere/policy.yaml" },
	} {
		s := right
		spoil(&s)
		_, err := s.config()
		if err == nil || !strings.HasPrefix(err.Error(), name+": ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRoutesOfTopics: a topic goes to a chat of AGENT_GROUP_ID only, as the bot
// leaves any other, and no chat is there twice.
func TestRoutesOfTopics(t *testing.T) {
	shipped := strings.Replace(string(policy.ShippedFile()), "- id: speed\n", "- id: speed\n    group: -1002\n", 1)
	file := filepath.Join(t.TempDir(), "desk.yaml")
	if err := os.WriteFile(file, []byte(shipped), 0o600); err != nil {
		t.Fatal(err)
	}
	s := settings{Token: "123456789:" + strings.Repeat("A", 35), Groups: "-1001, -1002", Policy: file}
	c, err := s.config()
	if err != nil || len(c.groups) != 2 {
		t.Fatalf("groups %v: %v", c.groups, err)
	}
	for groups, want := range map[string]string{
		"-1001":               `POLICY_FILE: the topic "speed" goes to group -1002, which is not in AGENT_GROUP_ID`,
		"-1001, -1002, -1001": "AGENT_GROUP_ID: -1001 is there twice",
		"desk":                "AGENT_GROUP_ID: number 1 in it is not a group's ID", // and nothing about topics
	} {
		s.Groups = groups
		if _, err := s.config(); err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", groups, err)
		}
	}
}

// TestUnknownToken: Telegram knows the bot's token, or going on is no use.
func TestUnknownToken(t *testing.T) {
	th := newTheatre(t)
	env := th.env(t, "sqlite:"+filepath.Join(t.TempDir(), "x.db"))
	env["TELEGRAM_BOT_TOKEN"] = "123456789:nobody-knows-this-one-at-all"
	p := start(t, env, "run")
	if code := p.wait(t); code != exitUsage {
		t.Errorf("exit status %d", code)
	}
	said := p.err.String()
	if !strings.Contains(said, "TELEGRAM_BOT_TOKEN: ") || strings.Contains(said, "nobody-knows") {
		t.Errorf("it says %s", said)
	}
}

// TestPolicyCheck tells every mistake of a file with its line.
func TestPolicyCheck(t *testing.T) {
	shippedFile := start(t, nil, "policy")
	if code := shippedFile.wait(t); code != 0 {
		t.Fatalf("exit status %d", code)
	}
	path := filepath.Join(t.TempDir(), "policy.yaml")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(shippedFile.out.String())
	if p := start(t, nil, "policy", "--check", path); p.wait(t) != 0 || !strings.Contains(p.out.String(), "all right") {
		t.Errorf("the shipped policy: status %d\n%s", p.code, p.err)
	}
	write(strings.Replace(strings.Replace(shippedFile.out.String(), "files: 10", "files: 99", 1), "file_mb: 20", "file_mb: much", 1))
	p := start(t, nil, "policy", "--check", path)
	if code := p.wait(t); code != exitUsage {
		t.Errorf("two mistakes: status %d", code)
	}
	line := 1 + strings.Count(strings.Split(shippedFile.out.String(), "files: 10")[0], "\n")
	if lines := strings.Split(strings.TrimSpace(p.err.String()), "\n"); len(lines) != 2 || !strings.Contains(lines[0], fmt.Sprintf(":%d: ", line)) {
		t.Errorf("two mistakes: %q", lines)
	}
}
