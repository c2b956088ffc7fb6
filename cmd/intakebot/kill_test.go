package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

var (
	kills = flag.Int("kills", 20, "how often the kill test kills the bot")
	seed  = flag.Uint64("seed", 0, "of the kill test's dice; 0: another one each time")
)

// TestKills: customers go through the dialog while the bot is killed again and
// again, at the worst instants there are (P1, P2).
func TestKills(t *testing.T) {
	t.Parallel()
	k := newKilling(t)
	file := filepath.Join(t.TempDir(), "intakebot.db")
	k.env = k.theatre.env(t, "sqlite:"+file)
	k.run(*kills)
	k.check(openLedger(t, "sqlite", file))
}

// killing is customers, and a bot that dies and is started again.
type killing struct {
	*theatre
	t         *testing.T
	env       map[string]string
	dice      *rand.Rand
	customers []*customer
	killed    atomic.Int64
	strikes   map[string]int  // how often the bot was killed where
	starts    []time.Duration // from the start of the process to its first poll
}

// chosenSeed is that of the flag, or one for all tests of this run.
var chosenSeed = sync.OnceValue(func() uint64 {
	if *seed != 0 {
		return *seed
	}
	return rand.Uint64()
})

func newKilling(t *testing.T) *killing {
	t.Helper()
	s := chosenSeed()
	t.Logf("-seed %d -kills %d", s, *kills)
	k := &killing{theatre: newTheatre(t), t: t, dice: rand.New(rand.NewPCG(s, 0)), strikes: map[string]int{}}
	k.customers = k.theatre.customersOf(s, 4)
	return k
}

// customersOf brings customers, each with dice of their own.
func (th *theatre) customersOf(seed uint64, n int) (list []*customer) {
	var serial atomic.Int64
	for i := range n {
		p := th.world.AddPerson(fmt.Sprintf("Customer %c", 'A'+i), telegramsim.Language("en"))
		list = append(list, &customer{Person: p, dice: rand.New(rand.NewPCG(seed, uint64(1+i))), serial: &serial})
	}
	return list
}

// customersPlay has them file tickets while more says so.
func customersPlay(ctx context.Context, customers []*customer, more func() bool) <-chan error {
	g, all := errgroup.WithContext(ctx)
	for _, c := range customers {
		g.Go(func() error { return c.tickets(all, more) })
	}
	done := make(chan error, 1)
	go func() { done <- g.Wait() }()
	return done
}

// run kills the bot n times and more, until the customers are through.
func (k *killing) run(n int) {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(k.t.Context(), time.Duration(n)*5*time.Second+3*time.Minute)
	defer cancel()
	played := customersPlay(ctx, k.customers, func() bool { return int(k.killed.Load()) < n })
	for through := 0; through < 3; { // the limits of sending begin anew with each life
		select {
		case err := <-played:
			if err != nil {
				k.t.Fatal(err)
			}
			through, played = 1, nil
		default:
			if through > 0 {
				through++
			}
		}
		k.live()
	}
	k.last()
}

// live is one life of the bot, to its violent end.
func (k *killing) live() {
	k.t.Helper()
	s, name := k.fate()
	made := make(chan *process, 1)
	s.do = func() {
		p := <-made
		p.kill()
	}
	polls, began := k.gate.begin(s), time.Now()
	p, err := launch(k.env, "run")
	if err != nil {
		k.t.Fatal(err)
	}
	made <- p
	select {
	case <-polls:
		k.starts = append(k.starts, time.Since(began))
	case <-p.exited:
	}
	select {
	case <-p.exited:
		k.strikes[name]++
	case <-time.After(time.Duration(300+k.dice.IntN(1200)) * time.Millisecond): // a chosen instant
		p.kill()
		k.strikes["at any time"]++
	}
	if p.code != -1 {
		k.t.Fatalf("the bot ended by itself with status %d\n%s", p.code, p.err)
	}
	p.check(k.t)
	k.killed.Add(1)
}

// methods are the calls during which the bot is killed, or their beginnings;
// some stand more than once, as they matter most.
var methods = []string{
	"getupdates", "getupdates", "send", "send", "send", "sendmessage", "createforumtopic", "sendphoto", "senddocument", "sendmediagroup",
	"answercallbackquery", "editmessagereplymarkup", "getfile", telegramsim.DownloadMethod, "getme", "getchat",
}

// fate chooses when the bot is killed next: before a call has its effect, such
// as between commit and acknowledgement, or between claim and send; after the
// effect, before the bot learns of it; or within moments of the answer, such as
// right after it has fetched updates.
func (k *killing) fate() (*strike, string) {
	s := &strike{
		method: methods[k.dice.IntN(len(methods))],
		at:     []moment{before, effected, answered}[k.dice.IntN(3)],
		left:   1 + k.dice.IntN(2),
	}
	if s.at == answered {
		s.delay = time.Duration(k.dice.IntN(10000)) * time.Microsecond
	}
	return s, s.method + " " + string(s.at)
}

// last is the life in which everything comes to rest.
func (k *killing) last() {
	k.t.Helper()
	k.gate.begin(nil)
	p := start(k.t, k.env, "run")
	k.rest(k.env["LISTEN_ADDR"])
	if code := p.stop(k.t); code != 0 {
		k.t.Errorf("exit status %d after SIGINT\n%s", code, p.err)
	}
	slices.Sort(k.starts)
	k.t.Logf("killed %d times; from start to first poll: median %v, longest %v", k.killed.Load(),
		k.starts[len(k.starts)/2].Round(time.Millisecond), k.starts[len(k.starts)-1].Round(time.Millisecond))
	for name, n := range k.strikes {
		k.t.Logf("%3d × %s", n, name)
	}
}

// rest waits until all updates are taken and all notices are sent.
func (th *theatre) restOf(t *testing.T, address string) {
	t.Helper()
	events := th.world.Subscribe()
	defer events.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 3*hangs)
	defer cancel()
	for th.bot.Pending() > 0 || unsent(address) != 0 {
		look, done := context.WithTimeout(ctx, 200*time.Millisecond)
		_, err := events.Next(look)
		done()
		if err != nil && ctx.Err() != nil {
			t.Fatalf("the bot does not come to rest: %d updates wait, %d notices", th.bot.Pending(), unsent(address))
		}
	}
}

func (k *killing) rest(address string) { k.t.Helper(); k.restOf(k.t, address) }

// unsent asks the bot how many notices wait; -1: it does not answer.
func unsent(address string) int {
	resp, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		return -1
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	for line := range strings.SplitSeq(string(body), "\n") {
		if number, ok := strings.CutPrefix(line, "intakebot_outbox_unsent "); ok {
			n, err := strconv.Atoi(number)
			if err == nil {
				return n
			}
		}
	}
	return -1
}

// number reads a ticket's number.
func (w wanted) id(t *testing.T) int64 {
	t.Helper()
	id, err := tickets.ParseNumber(w.number)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
