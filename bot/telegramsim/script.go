package telegramsim

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Script is a storm as data: what goes wrong, and how often. From it and its
// seed everything follows; the same script strikes the same calls again, however
// many goroutines make them.
type Script struct {
	Seed uint64
	// Length is how long it lasts; then all is calm.
	Length time.Duration
	// Calls is how many of 10,000 calls each trouble strikes, among those that it
	// fits.
	Calls map[Trouble]int
	// Spells is the mean time from one stretch of a trouble to the next, in which
	// it strikes every call, or those of a part of the chats.
	Spells map[Trouble]time.Duration
	// Acts is the mean time from one act to the next.
	Acts map[Act]time.Duration
	// Slowest bounds what every call takes; 0: none takes time.
	Slowest time.Duration
}

// Act is what happens on the stage, to the updates on their way, or to the
// bot's process.
type Act string

// The acts that a Storm plays by itself.
const (
	DeleteATopic   Act = "delete a topic"
	MigrateGroup   Act = "migrate the group" // once, where it is a plain one
	TakeRights     Act = "take a right"      // and give it back
	KickTheBot     Act = "kick the bot"      // and bring it back
	BlockTheBot    Act = "block the bot"     // and come back
	RepeatUpdate   Act = "repeat an update"
	SkipUpdateIDs  Act = "skip update IDs"
	StrangeUpdate  Act = "bring a strange update"
	NonsenseUpdate Act = "bring nonsense" // 100 KB of it
)

// The acts that are the business of whoever runs the bot.
const (
	KillTheBot Act = "kill the bot"
	StopTheBot Act = "stop the bot"
	FillDisk   Act = "fill the disk"
	LockStore  Act = "lock the store"
	JumpClock  Act = "jump the clock"
)

// Scene is an act at its time.
type Scene struct {
	Act   Act
	At    time.Duration // since the beginning
	Lasts time.Duration // of what is taken back
	Dice  uint64        // decides whatever is left open
}

// spell is a stretch of one trouble.
type spell struct {
	trouble  Trouble
	from, to time.Duration
	dice     uint64
}

// Storm is a script that has begun.
type Storm struct {
	script Script
	w      *World
	began  time.Time
	spells []spell
	scenes []Scene

	mu     sync.Mutex
	calls  map[callKey]uint64
	lost   map[int]bool // topics that were deleted
	dials  uint64
	struck map[string]int
}

// callKey counts calls of a kind, so that the dice of each are its own.
type callKey struct {
	method string
	chat   int64
}

// Begin starts a storm now. The world's faults are the storm's until it ends.
func (s Script) Begin(w *World) *Storm {
	st := &Storm{script: s, w: w, began: w.now(), calls: map[callKey]uint64{}, lost: map[int]bool{}, struck: map[string]int{}}
	st.spells, st.scenes = s.timetable()
	w.SetFault(st.Fault)
	return st
}

// timetable works out what happens when.
func (s Script) timetable() (spells []spell, scenes []Scene) {
	for _, t := range troubles {
		s.times("spell "+string(t.Trouble), s.Spells[t.Trouble], func(at time.Duration, dice *rand.Rand) {
			lasts := time.Second + time.Duration(dice.Int64N(int64(20*time.Second)))
			spells = append(spells, spell{t.Trouble, at, min(at+lasts, s.Length), dice.Uint64()})
		})
	}
	for act, mean := range s.Acts {
		s.times("act "+string(act), mean, func(at time.Duration, dice *rand.Rand) {
			lasts := time.Second + time.Duration(dice.Int64N(int64(time.Minute)))
			scenes = append(scenes, Scene{act, at, min(lasts, s.Length-at), dice.Uint64()})
		})
	}
	slices.SortFunc(scenes, func(a, b Scene) int { return int(a.At - b.At) })
	return spells, scenes
}

// times calls do at random times of a mean distance.
func (s Script) times(what string, mean time.Duration, do func(time.Duration, *rand.Rand)) {
	if mean <= 0 {
		return
	}
	dice := s.dice(what)
	for at := time.Duration(0); ; {
		at += time.Duration(dice.ExpFloat64() * float64(mean))
		if at >= s.Length {
			return
		}
		do(at, dice)
	}
}

// dice are a thing's own, whatever else is thrown.
func (s Script) dice(what string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(what))
	return rand.New(rand.NewPCG(s.Seed, h.Sum64()))
}

// Scenes is the timetable of the acts.
func (st *Storm) Scenes() []Scene { return slices.Clone(st.scenes) }

// Over tells whether all is calm again.
func (st *Storm) Over() bool { return st.elapsed() >= st.script.Length }

func (st *Storm) elapsed() time.Duration { return st.w.now().Sub(st.began) }

// Struck counts what has happened, by trouble and act.
func (st *Storm) Struck() map[string]int {
	st.mu.Lock()
	defer st.mu.Unlock()
	out := map[string]int{}
	for name, n := range st.struck {
		out[name] = n
	}
	return out
}

// Fault says what goes wrong with a call. It depends on the seed, on the call,
// and on how many like it were made before.
func (st *Storm) Fault(c Call) Outcome {
	if st.Over() {
		return Outcome{}
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	key := callKey{c.Method, c.Chat()}
	st.calls[key]++
	dice := st.script.dice(c.Method + strconv.FormatInt(key.chat, 10) + "/" + strconv.FormatUint(st.calls[key], 10))
	o := st.strike(c, dice)
	if st.script.Slowest > 0 {
		o.Delay += time.Duration(dice.Int64N(int64(st.script.Slowest)))
	}
	return o
}

func (st *Storm) strike(c Call, dice *rand.Rand) Outcome {
	if thread, _ := strconv.Atoi(c.Args["message_thread_id"]); st.lost[thread] && dice.IntN(2) == 0 {
		return Refuse(400, "Bad Request: TOPIC_DELETED", "") // the other text is the world's own
	}
	now := st.elapsed()
	for _, s := range st.spells {
		if kind := kindOfTrouble(s.trouble); now >= s.from && now < s.to && kind.fits(c) && kind.meets(c, s) {
			st.struck[string(s.trouble)]++
			return kind.strike(dice)
		}
	}
	roll := dice.IntN(10000)
	for _, t := range troubles {
		if !t.fits(c) {
			continue
		}
		if roll -= st.script.Calls[t.Trouble]; roll < 0 {
			st.struck[string(t.Trouble)]++
			return t.strike(dice)
		}
	}
	return Outcome{}
}

// Refused tells a network whether a connection that is made now is refused.
func (st *Storm) Refused() bool {
	now := st.elapsed()
	for _, s := range st.spells {
		if s.trouble == ConnectionsRefused && now >= s.from && now < s.to {
			return true
		}
	}
	return false
}

// Reset tells a network whether a connection that is made now breaks before
// the first request is read.
func (st *Storm) Reset() bool {
	if st.Over() {
		return false
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.dials++
	hit := st.script.dice("dial "+strconv.FormatUint(st.dials, 10)).IntN(10000) < st.script.Calls[ResetAtOnce]
	if hit {
		st.struck[string(ResetAtOnce)]++
	}
	return hit
}

func (st *Storm) note(what string) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.struck[what]++
}
