//go:build unix

package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

var (
	shared    = sync.OnceValues(startShared)
	databases atomic.Int64

	// sharedProcess is kept for the life of this one: the server ends when it
	// is garbage.
	sharedProcess *process
)

// Postgres gives the URL of a new, empty database of a cluster that all tests
// of the binary share. The cluster does not sync to the disk; the database is
// dropped at the end of the test.
func Postgres(t testing.TB) (url string) {
	t.Helper()
	base, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("test%d", databases.Add(1))
	if err := tell(base+"postgres", "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tell(base+"postgres", "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return base + name
}

// OwnPostgres starts a cluster for one test, which can stop and start it. What
// was committed stays over a stop.
func OwnPostgres(t testing.TB) *Server {
	t.Helper()
	p, base, err := cluster()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{URL: base + "postgres", t: t, program: p}
	s.Start()
	t.Cleanup(s.end)
	return s
}

// startShared starts a cluster that ends with the process.
func startShared() (base string, err error) {
	p, base, err := cluster()
	if err != nil {
		return "", err
	}
	sharedProcess, err = p.start()
	return base, err
}

// cluster makes a cluster ready to be started. Its URL lacks the database.
func cluster() (p program, base string, err error) {
	bin, err := postgresBin()
	if err != nil {
		return p, "", err
	}
	if p.dir, err = os.MkdirTemp("", "intakebot-postgres-"); err != nil {
		return p, "", err
	}
	if p.as, err = underling(p.dir); err != nil {
		return p, "", err
	}
	data := filepath.Join(p.dir, "data")
	initdb := p.command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		return p, "", fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return p, "", err
	}
	p.signal, p.ready = "QUIT", "ready to accept connections"
	p.args = []string{
		filepath.Join(bin, "postgres"), "-D", data, "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-k", "",
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=64MB", "-c", "max_connections=200",
		"-c", "autovacuum=off", "-c", "log_min_messages=log",
	}
	return p, fmt.Sprintf("postgres://postgres@127.0.0.1:%d/", port), nil
}

// postgresBin finds the newest server. Debian keeps it off the PATH.
func postgresBin() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		newest := slices.MaxFunc(found, func(a, b string) int { return major(a) - major(b) })
		return filepath.Dir(newest), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("PostgreSQL is not installed: apt-get install postgresql, or put initdb and postgres on the PATH")
	}
	return filepath.Dir(path), nil
}

func major(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return n
}

// underling is who runs the server where this process is root, as whom
// PostgreSQL refuses to run. The folder becomes theirs.
func underling(dir string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err1, err2, os.Chown(dir, uid, gid)); err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func tell(url, sql string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}
