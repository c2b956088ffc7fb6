package main

import (
	"context"
	"fmt"
	"testing"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
	"intakebot/dialog"
	"intakebot/tickets"
)

// TestMenus asks Telegram what the menus of commands have come to: in a private
// chat in the reader's language, Russian for all that is not English, and in the
// group the agents' commands in the desk's language.
func TestMenus(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), hangs)
	defer cancel()
	s := newStage(tickets.Russian)
	events := s.world.Subscribe()
	defer events.Close()
	api, err := tg.New(demoToken, tg.WithSkipGetMe(), tg.WithServerURL(startDesk(t, s, tickets.English)))
	if err != nil {
		t.Fatal(err)
	}
	menu := func(scope models.BotCommandScope, lang string) (list []models.BotCommand) {
		return menuOf(ctx, t, api, events, scope, lang)
	}
	for lang, want := range map[string]string{"": "новая заявка", "en": "new ticket"} {
		list := menu(&models.BotCommandScopeAllPrivateChats{}, lang)
		var names, rows []string
		for _, c := range dialog.Commands {
			rows = append(rows, c.Name)
		}
		for _, c := range list {
			names = append(names, c.Command)
		}
		if fmt.Sprint(names) != fmt.Sprint(rows) || list[0].Description != want {
			t.Errorf("in %q: %v", lang, list)
		}
	}
	list := menu(&models.BotCommandScopeChat{ChatID: s.desk.ID()}, "")
	if len(list) != len(tickets.Actions) || list[0] != (models.BotCommand{Command: "take", Description: "take the ticket and begin the work"}) {
		t.Errorf("the agents': %v", list)
	}
}

// TestTheMenuFollowsItsGroup: a supergroup is another chat for Telegram.
func TestTheMenuFollowsItsGroup(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), hangs)
	defer cancel()
	s := newStage(tickets.English)
	s.desk = s.world.AddGroup("Desk", s.agents...)
	s.desk.AddBot(s.bot, s.agents[0])
	events := s.world.Subscribe()
	defer events.Close()
	api, err := tg.New(demoToken, tg.WithSkipGetMe(), tg.WithServerURL(startDesk(t, s, tickets.English)))
	if err != nil {
		t.Fatal(err)
	}
	before := menuOf(ctx, t, api, events, &models.BotCommandScopeChat{ChatID: s.desk.ID()}, "")
	old := s.desk.ID()
	if err := s.desk.Migrate(); err != nil || s.desk.ID() == old {
		t.Fatalf("%v; the group is %d", err, s.desk.ID())
	}
	after := menuOf(ctx, t, api, events, &models.BotCommandScopeChat{ChatID: s.desk.ID()}, "")
	if fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("%v, before it was %v", after, before)
	}
}

// menuOf waits for a menu that is not empty.
func menuOf(ctx context.Context, t *testing.T, api *tg.Bot, events *telegramsim.Subscription, scope models.BotCommandScope, lang string) []models.BotCommand {
	t.Helper()
	for {
		list, err := api.GetMyCommands(ctx, &tg.GetMyCommandsParams{Scope: scope, LanguageCode: lang})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) > 0 {
			return list
		}
		if _, err := events.Next(ctx); err != nil {
			t.Fatalf("no menu for %T in %q: %v", scope, lang, err)
		}
	}
}
