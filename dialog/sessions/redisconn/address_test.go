package redisconn_test

import (
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"intakebot/dialog/sessions/redisconn"
)

func TestOpenUnderstandsEveryForm(t *testing.T) {
	for _, c := range []struct {
		address, kind, hosts, user, password string
		db                                   int
		tls                                  bool
	}{
		{"redis://h", "single", "h:6379", "", "", 0, false},
		{" redis://u:p@h:1/3\n", "single", "h:1", "u", "p", 3, false},
		{"rediss://:p%40%2F@h", "single", "h:6379", "", "p@/", 0, true},
		{"redis://[::1]:7/1", "single", "[::1]:7", "", "", 1, false},
		{"redis://[::1]", "single", "[::1]:6379", "", "", 0, false},
		{"unix:///run/redis.sock?db=2", "single", "/run/redis.sock", "", "", 2, false},
		{"redis://a:1,b", "cluster", "a:1 b:6379", "", "", 0, false},
		{"rediss://u:p@a:1,b:2,c:3", "cluster", "a:1 b:2 c:3", "u", "p", 0, true},
		{"redis+cluster://:p@a", "cluster", "a:6379", "", "p", 0, false},
		{"redis://a:1?addr=b:2&addr=c:3", "cluster", "a:1 b:2 c:3", "", "", 0, false},
		{"redis+sentinel://s:p@a,b:2/4?master_name=m&password=q", "sentinel", "", "", "q", 4, false},
		{"redis://a:26379?master_name=m", "sentinel", "", "", "", 0, false},
	} {
		t.Run(c.address, func(t *testing.T) {
			client, err := redisconn.Open(c.address, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			switch client := client.(type) {
			case *redis.ClusterClient:
				o := client.Options()
				if got := strings.Join(o.Addrs, " "); c.kind != "cluster" || got != c.hosts {
					t.Errorf("a cluster of %s, want a %s of %s", got, c.kind, c.hosts)
				}
				if o.Username != c.user || o.Password != c.password || (o.TLSConfig != nil) != c.tls {
					t.Errorf("user %q, password %q, TLS %v", o.Username, o.Password, o.TLSConfig)
				}
			case *redis.Client:
				o := client.Options()
				if kind := map[bool]string{true: "sentinel", false: "single"}[o.Addr == "FailoverClient"]; kind != c.kind {
					t.Errorf("a %s, want a %s", kind, c.kind)
				}
				if c.kind == "single" && o.Addr != c.hosts {
					t.Errorf("address %s, want %s", o.Addr, c.hosts)
				}
				if o.Username != c.user || o.Password != c.password || o.DB != c.db || (o.TLSConfig != nil) != c.tls {
					t.Errorf("user %q, password %q, database %d, TLS %v", o.Username, o.Password, o.DB, o.TLSConfig)
				}
			}
		})
	}
}

// bad are addresses that cannot be used. Each has the password in it somewhere.
var bad = []string{
	"", "hunter2", "hunter2://h", "http://u:hunter2@h", "redis://", "redis://u:hunter2@", "redis://u:hunter2@,b",
	"redis://u:hunter2@a,,b", "redis://u:hunter2@h:port", "redis://u:hun#ter2@h", "redis://u:hunter2/x@h",
	"redis://u:hunter2?x@h", "redis://u:%hunter2@h", "redis://u:hunter2@h/one", "redis://u:hunter2@h/1/2",
	"redis://u:hunter2@h?nothing=hunter2", "redis://u:hunter2@h?pool_size=hunter2", "redis://u:hunter2@a,b?addr=c",
	"redis+cluster://u:hunter2@a?db=1", "redis+sentinel://u:hunter2@a", "unix://", "redis://u:hunter2@h?%zz",
	"redis://u:hunter2@a b", "redis+sentinel://u:hunter2@a/hunter2?master_name=m",
}

func TestOpenRefusesWithoutShowingThePassword(t *testing.T) {
	for _, address := range bad {
		client, err := redisconn.Open(address, slog.New(slog.DiscardHandler))
		if !errors.Is(err, redisconn.ErrAddress) || client != nil {
			t.Errorf("%q: %v, client %v", address, err, client)
			continue
		}
		for _, piece := range []string{"hunter2", "hun", "ter2"} {
			if strings.Contains(err.Error(), piece) {
				t.Errorf("%q: the error shows the password: %v", address, err)
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, address := range bad {
		f.Add(address)
	}
	f.Add("redis+sentinel://s:p@a,b:2/4?master_name=m&password=q")
	f.Fuzz(func(t *testing.T, address string) {
		client, err := redisconn.Open(address, slog.New(slog.DiscardHandler))
		if err != nil {
			if !errors.Is(err, redisconn.ErrAddress) {
				t.Errorf("%v", err)
			}
			return
		}
		defer client.Close()
		if c, ok := client.(*redis.ClusterClient); ok {
			for _, a := range c.Options().Addrs {
				if host, _, err := net.SplitHostPort(a); err != nil || host == "" {
					t.Errorf("%q gives the address %q", address, a)
				}
			}
		}
	})
}
