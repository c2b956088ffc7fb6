package telegramsim

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/go-telegram/bot/models"
)

const (
	maxCommands           = 100
	maxCommand            = 32
	maxCommandDescription = 256
)

var commandName = regexp.MustCompile(`^[a-z0-9_]+$`)

// commandScope is the key under which a list of commands is kept: what the scope
// names, and the language.
func (c *call) commandScope() (string, error) {
	var s struct {
		Type   string `json:"type"`
		ChatID any    `json:"chat_id"`
		UserID int64  `json:"user_id"`
	}
	if err := c.json("scope", &s); err != nil {
		return "", badRequest("can't parse BotCommandScope JSON object")
	}
	switch s.Type {
	case "", "default":
		s.Type = "default"
	case "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators", "chat_member":
	default:
		return "", badRequest("can't parse BotCommandScope: Unsupported type specified")
	}
	return scopeKey(s.Type, s.ChatID, s.UserID, c.str("language_code")), nil
}

func scopeKey(kind string, chat any, user int64, language string) string {
	id := fmt.Sprint(chat)
	switch v := chat.(type) {
	case nil:
		id = ""
	case float64:
		id = strconv.FormatInt(int64(v), 10)
	}
	return fmt.Sprintf("%s/%s/%d/%s", kind, id, user, language)
}

func setMyCommands(c *call) (any, error) {
	var list []models.BotCommand
	if err := c.json("commands", &list); err != nil {
		return nil, badRequest("can't parse commands JSON object")
	}
	scope, err := c.commandScope()
	if err != nil {
		return nil, err
	}
	if len(list) > maxCommands {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for _, cmd := range list {
		switch {
		case len(cmd.Command) > maxCommand, !commandName.MatchString(cmd.Command):
			return nil, badRequest("BOT_COMMAND_INVALID")
		case cmd.Description == "":
			return nil, badRequest("command description must be non-empty")
		case len([]rune(cmd.Description)) > maxCommandDescription:
			return nil, badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	c.bot.commands[scope] = list
	c.w.commandsChanged()
	return true, nil
}

func (w *World) commandsChanged() {
	for s := range w.watchers {
		s.push(Event{Kind: CommandsChanged})
	}
}

func getMyCommands(c *call) (any, error) {
	scope, err := c.commandScope()
	if err != nil {
		return nil, err
	}
	if list := c.bot.commands[scope]; list != nil {
		return list, nil
	}
	return []models.BotCommand{}, nil
}

func deleteMyCommands(c *call) (any, error) {
	scope, err := c.commandScope()
	if err != nil {
		return nil, err
	}
	delete(c.bot.commands, scope)
	c.w.commandsChanged()
	return true, nil
}

// Commands lists what the person's app offers behind the slash in the private
// chat with the bot: the list of the narrowest scope, in the person's language
// where there is one.
func (b *Bot) Commands(p *Person) []models.BotCommand {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	for _, scope := range []struct {
		kind string
		chat any
	}{{"chat", float64(p.user.ID)}, {"all_private_chats", nil}, {"default", nil}} {
		for _, language := range []string{p.user.LanguageCode, ""} {
			if list := b.commands[scopeKey(scope.kind, scope.chat, 0, language)]; list != nil {
				return list
			}
		}
	}
	return nil
}
