//go:build unix

package servers_test

import (
	"context"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"intakebot/tickets/storetest/servers"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
)

// orphaned makes the test binary start servers, print their addresses and wait
// to be killed.
const orphaned = "SERVERS_TEST_ORPHANED"

func TestPostgres(t *testing.T) {
	one, other := servers.Postgres(t), servers.Postgres(t)
	if query(t, one, "CREATE TABLE mine ()") != nil || query(t, other, "CREATE TABLE mine ()") != nil {
		t.Error("the databases are not two empty ones")
	}
}

func TestOwnPostgres(t *testing.T) {
	s := servers.OwnPostgres(t)
	if err := query(t, s.URL, "CREATE TABLE kept ()"); err != nil {
		t.Fatal(err)
	}
	s.Stop()
	if query(t, s.URL, "SELECT 1") == nil {
		t.Error("a stopped server answers")
	}
	s.Start()
	if err := query(t, s.URL, "SELECT FROM kept"); err != nil {
		t.Error(err)
	}
}

func TestRedis(t *testing.T) {
	s := servers.Redis(t)
	opts, err := redis.ParseURL(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(opts)
	defer c.Close()
	if err := c.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	s.Stop()
	if c.Ping(t.Context()).Err() == nil {
		t.Error("a stopped server answers")
	}
	s.Start()
	if n, err := c.DBSize(t.Context()).Result(); n != 0 || err != nil {
		t.Errorf("%d keys after a stop (%v)", n, err)
	}
}

// TestOrphaned: servers end even when the test binary is killed.
func TestOrphaned(t *testing.T) {
	if os.Getenv(orphaned) != "" {
		t.Logf("servers: %s %s", servers.Postgres(t), servers.Redis(t).URL)
		os.Stdout.WriteString(servers.Postgres(t) + " " + servers.Redis(t).URL + "\n")
		select {}
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "-test.run=TestOrphaned")
	cmd.Env = append(os.Environ(), orphaned+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 1000)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	conns := dial(t, strings.Fields(string(line[:n])))
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, c := range conns {
		_, _ = io.Copy(io.Discard, c) // ends when the server is gone
	}
	_ = cmd.Wait()
}

func dial(t *testing.T, urls []string) (conns []net.Conn) {
	t.Helper()
	for _, s := range urls {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		c, err := net.Dial("tcp", u.Host)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		conns = append(conns, c)
	}
	if len(conns) != 2 {
		t.Fatalf("servers: %q", urls)
	}
	return conns
}

func query(t *testing.T, url, sql string) error {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		return err
	}
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), sql)
	return err
}
