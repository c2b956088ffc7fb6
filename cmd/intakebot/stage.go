package main

import (
	"fmt"
	"net"
	"net/http"
	"time"

	"intakebot/bot/telegramsim"
	"intakebot/tickets"
)

// demoToken is for the local Telegram only, where any will do.
const demoToken = "1000000000:local-telegram-needs-no-secret"

// stage is the local Telegram of the demo: a bot, customers and a desk.
type stage struct {
	world     *telegramsim.World
	bot       *telegramsim.Bot
	desk      *telegramsim.Group
	customers []*telegramsim.Person
	agents    []*telegramsim.Person
}

// newStage sets the stage. Names are in the language that is played.
func newStage(lang tickets.Lang, options ...telegramsim.Option) *stage {
	w := telegramsim.New(options...)
	s := &stage{world: w, bot: w.AddBot(demoToken, "intakebot", botName[lang])}
	for _, c := range cast[lang].customers {
		s.customers = append(s.customers, w.AddPerson(c.name, telegramsim.Language(c.lang), telegramsim.Username(c.nick)))
	}
	for _, c := range cast[lang].agents {
		s.agents = append(s.agents, w.AddPerson(c.name, telegramsim.Language(c.lang), telegramsim.Username(c.nick)))
	}
	s.desk = w.AddForum(deskName[lang], s.agents...)
	return s
}

type actor struct{ name, nick, lang string }

type actors struct{ customers, agents []actor }

var (
	botName  = map[tickets.Lang]string{tickets.Russian: "Поддержка", tickets.English: "Support"}
	deskName = map[tickets.Lang]string{tickets.Russian: "Служба поддержки", tickets.English: "Support desk"}
	cast     = map[tickets.Lang]actors{
		tickets.Russian: {
			customers: []actor{{"Анна Петрова", "anna_petrova", "ru"}, {"Иван Смирнов", "", "ru"}, {"Emily Clark", "emily", "en"}},
			agents:    []actor{{"Олег Агентов", "oleg", "ru"}, {"Мария Ли", "maria", "ru"}},
		},
		tickets.English: {
			customers: []actor{{"Emily Clark", "emily", "en"}, {"Ivan Smirnov", "", "en"}, {"Анна Петрова", "anna_petrova", "ru"}},
			agents:    []actor{{"Oleg Agent", "oleg", "en"}, {"Maria Lee", "maria", "en"}},
		},
	}
)

// settings are those of the bot on this stage.
func (s *stage) settings(apiURL, databaseFile string) settings {
	return settings{
		Token: demoToken, APIURL: apiURL, Groups: fmt.Sprint(s.desk.ID()),
		Database: "sqlite:" + databaseFile, Listen: "127.0.0.1:0",
	}
}

// open serves the stage at an address of this machine. Close the world, then
// the server.
func (s *stage) open(address string, page http.Handler) (*http.Server, string, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, "", err
	}
	mux := http.NewServeMux()
	api := s.world.Handler()
	mux.Handle("/bot"+demoToken+"/", api)
	mux.Handle("/file/bot"+demoToken+"/", api)
	if page != nil {
		mux.Handle("/", page)
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(l) }()
	return server, "http://" + l.Addr().String(), nil
}
