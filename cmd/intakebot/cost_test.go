package main

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"intakebot/tickets/storetest/servers"
)

var (
	costRounds  = flag.Int("cost", 0, "measure the cost of a step in so many rounds, and print the README's table")
	costProfile = flag.String("cost.profile", "", "a folder for processor profiles of what is measured")
	costOnly    = flag.String("cost.only", "", "measure these programs alone, as the table names them")
)

// hookURL is the webhook's, which nobody calls: the load comes to its path at
// the address that the bot listens on.
const hookURL = "https://bench.example/bench"

// crowdSize is how many customers there are: each says a few things in a
// minute, as one would.
const crowdSize = 2000

// bench is a program that is measured, with what was measured of it.
type bench struct {
	name   string
	people *people
	run    *process
	idle   float64 // MB
	most   float64

	one, many, calm, calmTail, busy, busyTail, cpu, calls, traps []float64
}

// TestCost measures what a dialog's step costs, beside the plainest bot on the
// same library and beside a floor, in rounds by turns, so that what else the
// machine does meets all of them.
func TestCost(t *testing.T) {
	if *costRounds == 0 {
		*costRounds = 1
		costCrowd, costLength, costIdle = 8, 20*time.Millisecond, 0 // that it runs at all
	}
	all := []*bench{
		newBench(t, "floor", "floor", nil),
		newBench(t, "echo", "echo", nil),
		newBench(t, "SQLite", "unlimited", func() map[string]string {
			return map[string]string{"DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "desk.db")}
		}),
		newBench(t, "PostgreSQL, Redis", "unlimited", func() map[string]string {
			return map[string]string{"DATABASE_URL": servers.Postgres(t), "REDIS_URL": servers.Redis(t).URL}
		}),
	}
	all = slices.DeleteFunc(all, func(b *bench) bool { return b == nil })
	for range *costRounds {
		for _, b := range all {
			b.round()
		}
	}
	for _, b := range all {
		b.most = b.status("VmHWM:")
		if b.run.stop(t) != 0 {
			t.Errorf("%s: %s", b.name, b.run.err)
		}
	}
	if table := costTable(all); !t.Failed() && costCrowd == crowdSize {
		fmt.Println(table)
		fmt.Println(startCost(t))
	}
}

var (
	costCrowd  = crowdSize
	costLength = time.Second
	costIdle   = time.Second
)

func newBench(t *testing.T, name, program string, env func() map[string]string) *bench {
	if *costOnly != "" && !strings.Contains(*costOnly, name) {
		return nil
	}
	s := newSink(costCrowd)
	api := httptest.NewServer(s)
	t.Cleanup(api.Close)
	b := &bench{name: name, people: &people{t: t, sink: s, address: freeAddress(t), dialog: env != nil, done: make([]int, costCrowd)}}
	full := map[string]string{
		asProgram: program, "TELEGRAM_BOT_TOKEN": demoToken, "TELEGRAM_API_URL": api.URL, "AGENT_GROUP_ID": "-100500",
		"LISTEN_ADDR": b.people.address, "POLICY_FILE": patientPolicy(t), "WEBHOOK_URL": hookURL, "WEBHOOK_SECRET": hookSecret,
	}
	if *costProfile != "" {
		full[profileFile] = filepath.Join(*costProfile, name+".pprof")
	}
	if env != nil {
		for name, value := range env() {
			full[name] = value
		}
	}
	b.run = start(t, full)
	b.awaited(t)
	b.idle = b.idles()
	b.people.prepare("errors")
	return b
}

// awaited waits until the program is ready, which it is when it sets its webhook.
func (b *bench) awaited(t *testing.T) {
	t.Helper()
	select {
	case <-b.people.sink.hooked:
	case <-b.run.exited:
		t.Fatalf("%s has ended\n%s", b.name, b.run.err)
	case <-time.After(hangs):
		t.Fatalf("%s does not set its webhook\n%s", b.name, b.run.err)
	}
	resp, err := http.Get("http://" + b.people.address + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s has set its webhook, and is not ready: %s", b.name, resp.Status)
	}
}

// round measures everything once.
func (b *bench) round() {
	p := b.people
	l := p.closed(1, 2*costLength)
	b.one = append(b.one, l.rate())
	before, calls := b.cpuTime(), p.sink.calls.Load()
	l = p.closed(32, 3*costLength)
	b.many = append(b.many, l.rate())
	b.cpu = append(b.cpu, float64((b.cpuTime()-before).Microseconds())/float64(l.steps))
	b.calls = append(b.calls, float64(p.sink.calls.Load()-calls)/float64(l.steps))
	l = p.open(100, 3*costLength)
	b.calm, b.calmTail = append(b.calm, ms(l.percentile(50))), append(b.calmTail, ms(l.percentile(99)))
	l = p.open(2000, 4*costLength)
	b.busy, b.busyTail = append(b.busy, ms(l.percentile(50))), append(b.busyTail, ms(l.percentile(99)))
	b.traps = append(b.traps, b.systemCalls())
}

// idles is the program's memory in MB after a second in which it had nothing to do.
func (b *bench) idles() float64 {
	<-time.After(costIdle)
	return b.status("VmRSS:")
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// cpuTime is the processor time that the program has used so far.
func (b *bench) cpuTime() (sum time.Duration) {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", b.run.cmd.Process.Pid))
	for _, path := range tasks {
		text, _ := os.ReadFile(path)
		ns, _, _ := strings.Cut(string(text), " ")
		n, _ := strconv.ParseInt(ns, 10, 64)
		sum += time.Duration(n)
	}
	return sum
}

// status is a number of the program's memory in MB.
func (b *bench) status(name string) float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", b.run.cmd.Process.Pid))
	_, rest, _ := strings.Cut(string(text), name)
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kB, _ := strconv.ParseFloat(fields[0], 64)
	return kB / 1024
}

// systemCalls counts those of a step, with 32 in flight, by perf; 0: there is no
// perf here. It counts from when it says so.
func (b *bench) systemCalls() float64 {
	orders, order, err := os.Pipe()
	if err != nil {
		return 0
	}
	defer order.Close()
	said, says, err := os.Pipe()
	if err != nil {
		_ = orders.Close()
		return 0
	}
	defer said.Close()
	count := exec.Command("perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "-p", strconv.Itoa(b.run.cmd.Process.Pid), "-D", "-1", "--control", "fd:3,4")
	var out strings.Builder
	count.Stderr, count.ExtraFiles = &out, []*os.File{orders, says}
	err = count.Start()
	_, _ = orders.Close(), says.Close()
	if err != nil {
		return 0
	}
	_, _ = order.WriteString("enable\n")
	if n, _ := said.Read(make([]byte, 16)); n == 0 {
		_ = count.Wait()
		return 0
	}
	l := b.people.closed(32, costLength)
	_ = count.Process.Signal(os.Interrupt)
	_ = count.Wait()                               // it always says that it was interrupted
	number, _, _ := strings.Cut(out.String(), ",") // behind what it says of its orders
	n, _ := strconv.ParseFloat(number[strings.LastIndexByte(number, '\n')+1:], 64)
	return n / float64(l.steps)
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// costTable is the README's table.
func costTable(all []*bench) string {
	var b strings.Builder
	row := func(title, format string, value func(*bench) float64) {
		fmt.Fprintf(&b, "| %s |", title)
		for _, x := range all {
			fmt.Fprintf(&b, " "+format+" |", value(x))
		}
		b.WriteByte('\n')
	}
	b.WriteString("| |")
	for _, x := range all {
		b.WriteString(" " + x.name + " |")
	}
	b.WriteString("\n| --- |" + strings.Repeat(" ---: |", len(all)) + "\n")
	row("steps a second, 1 in flight", "%.0f", func(x *bench) float64 { return median(x.one) })
	row("steps a second, 32 in flight", "%.0f", func(x *bench) float64 { return median(x.many) })
	row("processor time a step, µs", "%.0f", func(x *bench) float64 { return median(x.cpu) })
	row("system calls a step", "%.1f", func(x *bench) float64 { return median(x.traps) })
	row("calls of the Bot API a step", "%.2f", func(x *bench) float64 { return median(x.calls) })
	row("at 100 a second, p50, ms", "%.2f", func(x *bench) float64 { return median(x.calm) })
	row("p99", "%.2f", func(x *bench) float64 { return median(x.calmTail) })
	row("at 2,000 a second, p50, ms", "%.2f", func(x *bench) float64 { return median(x.busy) })
	row("p99", "%.2f", func(x *bench) float64 { return median(x.busyTail) })
	row("memory, idle, MB", "%.0f", func(x *bench) float64 { return x.idle })
	row("most under load", "%.0f", func(x *bench) float64 { return x.most })
	return b.String()
}
