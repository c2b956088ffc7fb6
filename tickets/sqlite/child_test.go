package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"intakebot/tickets"
	"intakebot/tickets/sqlite"
)

// childFile names the file that a child commits to; a test binary that has it
// in its environment is such a child.
const childFile = "STORE_TEST_CHILD_FILE"

func TestMain(m *testing.M) {
	if path := os.Getenv(childFile); path != "" {
		fmt.Fprintln(os.Stderr, beChild(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// beChild files tickets and takes steps until it is killed, or its parent is gone,
// from several goroutines, and prints every draft and step that was acknowledged.
func beChild(path string) error {
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	failed := make(chan error)
	for i := range int64(6) {
		go func() {
			for n := 0; ; n++ {
				do := stepOnce
				if n%8 == 0 { // so that most of it is in the log of steps
					do = fileOne
				}
				draft, err := do(s, int64(os.Getpid())*10+i, n)
				if err == nil {
					mu.Lock()
					_, err = fmt.Println(draft)
					mu.Unlock()
				}
				if err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	return <-failed
}

// fileOne files the nth ticket of a customer in a draft that tells its ID.
func fileOne(s *sqlite.Store, customer int64, n int) (string, error) {
	draft := fmt.Sprintf("%d/%d", customer, n)
	done, err := s.Commit(context.Background(), tickets.Change{
		Update:   &tickets.Update{ID: customer<<20 + int64(n)},
		Customer: &tickets.Customer{ID: customer, Version: int64(n)},
		File:     &tickets.Ticket{Draft: draft, Customer: customer, State: tickets.StateNew},
		Notices:  []tickets.Notice{{To: tickets.Address{Chat: customer}, Kind: tickets.NoticeSend, About: tickets.Filed}},
	})
	return fmt.Sprintf("%d %s", done.Ticket, draft), err
}

// stepOnce takes the nth step of a customer's, and has its question sent.
func stepOnce(s *sqlite.Store, customer int64, n int) (string, error) {
	ctx := context.Background()
	done, err := s.Commit(ctx, tickets.Change{
		Update:   &tickets.Update{ID: customer<<20 + int64(n)},
		Customer: &tickets.Customer{ID: customer, Version: int64(n)},
		Notices:  []tickets.Notice{{To: tickets.Address{Chat: customer}, Kind: tickets.NoticeSend, Priority: tickets.PriorityAnswer}},
	})
	if err != nil {
		return "", err
	}
	id := done.Notices[0].ID
	if _, err := s.Claim(ctx, "child", id, time.Now()); errors.Is(err, tickets.ErrBehind) {
		return fmt.Sprintf("step %d %d", customer, n), nil // behind that of a ticket
	} else if err != nil {
		return "", err
	}
	_, err = s.Settle(ctx, "child", tickets.Settlement{Notice: id, Outcome: tickets.Delivered, At: time.Now()})
	return fmt.Sprintf("step %d %d %d", customer, n, id), err
}

// storedStep finds what a step has left, and gives the line that it had printed.
func storedStep(t *testing.T, s *sqlite.Store, line string) string {
	t.Helper()
	var customer, n, id int64
	_, _ = fmt.Sscanf(line, "step %d %d %d", &customer, &n, &id)
	k, err := s.Customer(t.Context(), customer)
	if err != nil || k.Version <= n {
		t.Errorf("of %q the customer has version %d (%v)", line, k.Version, err)
	}
	if seen, err := s.Seen(t.Context(), tickets.Update{ID: customer<<20 + n}); !seen {
		t.Errorf("of %q the update is not known (%v)", line, err)
	}
	if _, err := s.Claim(t.Context(), "child", id, time.Now()); !errors.Is(err, tickets.ErrStale) {
		t.Errorf("of %q the question is sent again (%v)", line, err)
	}
	return line
}

// storedDraft finds the ticket of a line that a child printed, and gives the
// line as it should have been.
func storedDraft(t *testing.T, s *sqlite.Store, line string) string {
	t.Helper()
	if strings.HasPrefix(line, "step") {
		return storedStep(t, s, line)
	}
	number, _, _ := strings.Cut(line, " ")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		t.Fatalf("the child printed %q", line)
	}
	k, err := s.Ticket(t.Context(), id)
	if err != nil {
		t.Errorf("ticket %d: %v", id, err)
	}
	return fmt.Sprintf("%d %s", k.ID, k.Draft)
}

type child struct {
	cmd *exec.Cmd
	out *bufio.Reader
}

func startChild(t *testing.T, path string) *child {
	t.Helper()
	cmd := self(t, path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return &child{cmd, bufio.NewReader(out)}
}

func (c *child) line(t *testing.T) string {
	t.Helper()
	line, err := c.out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// kill ends the child at once and gives what it had printed by then.
func (c *child) kill(t *testing.T) (lines []string) {
	t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(c.out)
	if err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := c.cmd.Wait(); !errors.As(err, &exit) {
		t.Fatalf("the child ended by itself: %v", err)
	}
	for line := range strings.Lines(string(rest)) {
		if strings.HasSuffix(line, "\n") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}
