package main

import (
	"net"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// mistakeLine is a line of what is wrong with the configuration.
var mistakeLine = regexp.MustCompile(`^(TELEGRAM_BOT_TOKEN|TELEGRAM_API_URL|AGENT_GROUP_ID|DATABASE_URL|REDIS_URL|WEBHOOK_URL|WEBHOOK_SECRET|LISTEN_ADDR): `)

// FuzzSettings reads any values of the configuration: whatever is wrong is told a
// line each, naming its variable and no secret, and what is taken can be used.
func FuzzSettings(f *testing.F) {
	const token = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	f.Add(token, "https://api.telegram.org", "-1001234567890", "sqlite:x.db", "", "", "", "127.0.0.1:8080")
	f.Add(token, "http://[::1]:80/x/", "-1,-2", "postgres://u:hunter2@h:5/d?sslmode=disable", "redis://:hunter2@h:1/2", "https://h/telegram", "hunter2_secret", ":0")
	f.Add("hunter2", "ftp://hunter2@x", "5, -1,-1,", "postgres://u:hunter2@%zz", "rediss+sentinel://hunter2", "http://hunter2@", "hunter2 !", "[::1")
	f.Add("", "", "", "", "", "", "", "")
	f.Fuzz(func(t *testing.T, token, api, groups, database, redis, hook, secret, listen string) {
		s := settings{Token: token, APIURL: api, Groups: groups, Database: database, Redis: redis, WebhookURL: hook, WebhookSecret: secret, Listen: listen}
		c, err := s.config()
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if !mistakeLine.MatchString(line) {
					t.Errorf("a line names no variable: %q", line)
				}
				for _, hidden := range []string{token, secret, database, redis} {
					if len(hidden) > 12 && strings.Contains(line, hidden) { // shorter ones may be words of the text
						t.Errorf("a secret is told: %q", line)
					}
				}
			}
			return
		}
		if len(c.groups) == 0 || (c.database.file == "") == (c.database.url == "") || (c.webhookURL == "") != (c.webhookSecret == "") {
			t.Errorf("taken: %+v", c.database)
		}
		for _, id := range c.groups {
			if id >= 0 {
				t.Errorf("a group %d", id)
			}
		}
		if _, _, err := net.SplitHostPort(c.listen); err != nil {
			t.Errorf("the address %q: %v", c.listen, err)
		}
		if c.webhookURL != "" {
			if u, err := url.Parse(c.webhookURL); err != nil || u.Scheme != "https" || u.Host == "" {
				t.Errorf("the webhook %q: %v", c.webhookURL, err)
			}
		}
	})
}
