package telegramsim_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
)

func TestTheCast(t *testing.T) {
	s := newStage(t)
	other := s.world.AddBot("77:x", "otherbot", "Other")
	ivan := s.world.AddPerson("Ivan Petrov", telegramsim.Phone("+7"))
	desk := s.world.AddForum("Support", ivan)
	if bots := s.world.Bots(); len(bots) != 2 || bots[1].Token() != "77:x" || bots[1].User().Username != "otherbot" {
		t.Errorf("%v", bots)
	}
	if people := s.world.People(); len(people) != 1 || people[0].PhoneNumber() != "+7" || s.world.PersonByID(ivan.UserID()) != ivan || s.world.PersonByID(1) != nil {
		t.Errorf("%v", people)
	}
	if groups := s.world.Groups(); len(groups) != 1 || groups[0].Title() != "Support" || !groups[0].Info().IsForum || groups[0].ID() != desk.ID() {
		t.Errorf("%v", groups)
	}
	ivan.SetLanguage("en")
	if u := ivan.User(); u.LanguageCode != "en" || u.LastName != "Petrov" {
		t.Errorf("%+v", u)
	}
	must[telegramsim.Message](t)(ivan.With(other).Send("to the other"))
	if s.bot.Pending() != 0 || other.Pending() != 1 || len(ivan.Messages()) != 0 {
		t.Error("a message to one bot reached another")
	}
	must[telegramsim.Message](t)(ivan.In(desk.Chat).Send("to both"))
	if s.bot.Pending() != 1 || other.Pending() != 2 {
		t.Errorf("%d and %d updates", s.bot.Pending(), other.Pending())
	}
}

func TestAStageSetWrongIsToldAtOnce(t *testing.T) {
	for name, set := range map[string]func(w *telegramsim.World){
		"no bot":    func(w *telegramsim.World) { w.AddPerson("Ivan") },
		"bad token": func(w *telegramsim.World) { w.AddBot("secret", "b", "B") },
		"twice":     func(w *telegramsim.World) { w.AddBot("1:a", "b", "B"); w.AddBot("1:b", "b", "B") },
	} {
		func() {
			w := telegramsim.New()
			defer w.Close()
			defer func() {
				if r, _ := recover().(string); !strings.HasPrefix(r, "telegramsim: ") {
					t.Errorf("%s: %v", name, r)
				}
			}()
			set(w)
		}()
	}
}

func TestTranscriptsTellEverything(t *testing.T) {
	s := newStage(t)
	olga := s.world.Customer(t, "Olga")
	desk := s.world.AddForum("Support", olga.Person())
	at := olga.At(desk.Chat)
	var topic struct {
		ID int `json:"message_thread_id"`
	}
	s.result(s.call("createForumTopic", args{"chat_id": desk.ID(), "name": "№1"}), &topic)
	s.call("sendMessage", args{"chat_id": desk.ID(), "message_thread_id": topic.ID, "text": "строка\nвторая", "reply_markup": keys("Взять", "Отдать")})
	in := at.ExpectTopic("№1")
	in.SendDocument("a.log", []byte("x"), "журнал")
	in.ShareContact()
	s.call("editForumTopic", args{"chat_id": desk.ID(), "message_thread_id": topic.ID, "name": "№1 готово"})
	s.call("closeForumTopic", args{"chat_id": desk.ID(), "message_thread_id": topic.ID})
	want := "— №1 готово —\n" +
		"Help desk: [topic created: №1]\n" +
		"Help desk: строка\n    вторая\n    [ Взять ] [ Отдать ]\n" +
		"Olga: [document a.log] журнал\n" +
		"Olga: [contact Olga +79001000001]\n" +
		"Help desk: [topic renamed: №1 готово]\n" +
		"Help desk: [topic closed]\n"
	if got := in.Transcript(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := desk.Transcript(); !strings.HasPrefix(got, "— Support —\n(topic 2) Help desk:") {
		t.Errorf("%s", got)
	}
}

// Several readers may encode what they were told at once, forwards included.
func TestReadersDoNotShareWhatTheyEncode(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	sent := ivan.Send("это")
	var read sync.WaitGroup
	for range 3 {
		watch := s.world.Subscribe()
		defer watch.Close()
		read.Go(func() {
			for range 2 {
				e, err := watch.Next(s.ctx)
				if err != nil {
					t.Error(err)
					return
				}
				if body, err := json.Marshal(e); err != nil || !strings.Contains(string(body), `"forward_origin":{"type":"user"`) {
					t.Errorf("%s %v", body, err)
				}
			}
		})
	}
	var fwd struct {
		ID int `json:"message_id"`
	}
	s.result(s.call("forwardMessage", args{"chat_id": ivan.ID(), "from_chat_id": ivan.ID(), "message_id": sent.ID}), &fwd)
	s.call("sendMessage", args{"chat_id": ivan.ID(), "text": "об этом", "reply_parameters": args{"message_id": fwd.ID}})
	read.Wait()
}

func TestAPressIsAnswered(t *testing.T) {
	s := newStage(t)
	ivan := s.world.Customer(t, "Ivan")
	ivan.Send("/start")
	s.tell(ivan.ID(), "?", "Да")
	var bot sync.WaitGroup
	bot.Go(func() {
		r, err := s.tryCall("getUpdates", args{"offset": 100002, "timeout": 50})
		var updates []models.Update
		if err != nil || json.Unmarshal(r.Result, &updates) != nil || len(updates) != 1 {
			t.Errorf("%s %v", r.Result, err)
			return
		}
		answer := args{"callback_query_id": updates[0].CallbackQuery.ID, "text": "учтено", "show_alert": true}
		if r, err := s.tryCall("answerCallbackQuery", answer); err != nil || !r.OK {
			t.Errorf("%+v %v", r, err)
		}
	})
	if a := ivan.PressAnswered("Да"); a.Text != "учтено" || !a.ShowAlert || a.PersonID != ivan.ID() {
		t.Errorf("%+v", a)
	}
	bot.Wait()
}
