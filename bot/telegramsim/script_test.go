package telegramsim_test

import (
	"fmt"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"intakebot/bot/telegramsim"
)

func script(seed uint64) telegramsim.Script {
	return telegramsim.Script{
		Seed: seed, Length: 10 * time.Minute,
		Calls:  map[telegramsim.Trouble]int{telegramsim.ResetAfter: 1000, telegramsim.Kicked: 1000, telegramsim.ResetAtOnce: 1000},
		Spells: map[telegramsim.Trouble]time.Duration{telegramsim.TooManyHere: time.Minute, telegramsim.ConnectionsRefused: time.Minute},
		Acts: map[telegramsim.Act]time.Duration{
			telegramsim.DeleteATopic: time.Minute, telegramsim.BlockTheBot: time.Minute, telegramsim.KickTheBot: 3 * time.Minute,
			telegramsim.TakeRights: 3 * time.Minute, telegramsim.StrangeUpdate: time.Minute, telegramsim.NonsenseUpdate: time.Minute,
			telegramsim.SkipUpdateIDs: time.Minute, telegramsim.KillTheBot: time.Minute,
		},
	}
}

// strokes is what a storm does to the same calls, made at the same times in an
// order that chance decides.
func strokes(st *telegramsim.Storm) (all map[string]telegramsim.Outcome) {
	all = map[string]telegramsim.Outcome{}
	for i := range 600 {
		<-time.After(time.Second)
		for chat := range map[int]bool{7: true, 8: true, -100: true} {
			c := telegramsim.Call{Method: "sendmessage", Args: map[string]string{"chat_id": fmt.Sprint(chat)}}
			all[fmt.Sprint(i, chat)] = st.Fault(c)
		}
		all[fmt.Sprint(i, "refused")] = telegramsim.Outcome{Drop: st.Refused()}
		all[fmt.Sprint(i, "reset")] = telegramsim.Outcome{Drop: st.Reset()}
	}
	return all
}

// TestAScriptReplays plays a seed twice, and another one.
func TestAScriptReplays(t *testing.T) {
	played := func(seed uint64) (all map[string]telegramsim.Outcome, scenes []telegramsim.Scene) {
		synctest.Test(t, func(t *testing.T) {
			w := telegramsim.New()
			defer w.Close()
			st := script(seed).Begin(w)
			all, scenes = strokes(st), st.Scenes()
			if !st.Over() || st.Refused() || st.Reset() || st.Fault(telegramsim.Call{Method: "sendmessage"}) != (telegramsim.Outcome{}) {
				t.Error("it does not end")
			}
		})
		return all, scenes
	}
	one, scenes := played(5)
	same, again := played(5)
	if !reflect.DeepEqual(one, same) || !reflect.DeepEqual(scenes, again) {
		t.Error("the same seed plays something else")
	}
	if other, _ := played(6); reflect.DeepEqual(one, other) {
		t.Error("another seed plays the same")
	}
	struck := 0
	for _, o := range one {
		if o != (telegramsim.Outcome{}) {
			struck++
		}
	}
	if struck < 100 || struck > 1500 {
		t.Errorf("%d of %d calls are struck", struck, len(one))
	}
}

// TestScenesArePlayed: everything that was taken is back at the end.
func TestScenesArePlayed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := telegramsim.New()
		defer w.Close()
		b := w.AddBot("4242:secret", "helper", "Helper")
		olga, ivan := w.AddPerson("Olga"), w.AddPerson("Ivan")
		desk := w.AddForum("Desk", olga)
		for i := range 20 {
			if _, err := olga.In(desk.Chat).CreateTopic(fmt.Sprint("topic ", i)); err != nil {
				t.Fatal(err)
			}
		}
		st := script(1).Begin(w)
		told := map[telegramsim.Act]int{}
		st.Play(t.Context(), desk, []*telegramsim.Person{ivan}, func(s telegramsim.Scene) { told[s.Act]++ })
		for act := range script(1).Acts {
			if told[act] == 0 || st.Struck()[string(act)] != told[act] {
				t.Errorf("%s: told %d times, counted %d", act, told[act], st.Struck()[string(act)])
			}
		}
		if n := len(desk.Topics()); n != 20-told[telegramsim.DeleteATopic] {
			t.Errorf("%d topics are left after %d were deleted", n, told[telegramsim.DeleteATopic])
		}
		if ivan.Blocked() {
			t.Error("the customer has not come back")
		}
		if len(b.PendingUpdates()) == 0 {
			t.Error("no update came")
		}
	})
}
