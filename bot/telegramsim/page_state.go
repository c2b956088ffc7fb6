package telegramsim

import (
	"github.com/go-telegram/bot/models"
)

// snapshotLimit is how many of a chat's newest messages a page gets when it
// connects.
const snapshotLimit = 2000

// pageScene is everything of the world besides its messages.
type pageScene struct {
	Title       string           `json:"title"`
	Bot         *pageBot         `json:"bot"`
	Group       int64            `json:"group,omitempty"`
	People      []pagePerson     `json:"people"`
	Groups      []pageGroup      `json:"groups"`
	Suggestions []pageSuggestion `json:"suggestions,omitempty"`
}

type pageBot struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
}

type pagePerson struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language"`
	// Agent is somebody who sits in a group.
	Agent    bool                `json:"agent,omitempty"`
	Started  bool                `json:"started,omitempty"`
	Blocked  bool                `json:"blocked,omitempty"`
	Keyboard [][]Button          `json:"keyboard,omitempty"`
	Commands []models.BotCommand `json:"commands,omitempty"`
	// Topics are those of the chat with the bot, where it has them.
	Topics []TopicInfo `json:"topics,omitempty"`
}

type pageGroup struct {
	ID      int64       `json:"id"`
	Title   string      `json:"title"`
	Forum   bool        `json:"forum,omitempty"`
	Topics  []TopicInfo `json:"topics,omitempty"`
	Members []int64     `json:"members"`
}

type pageSuggestion struct {
	Label    Words `json:"label"`
	Text     Words `json:"text"`
	Pictures int   `json:"pictures,omitempty"`
}

// pageSnapshot is what a page gets when it connects or connects again.
type pageSnapshot struct {
	Boot     string    `json:"boot"`
	Scene    pageScene `json:"scene"`
	Messages []Message `json:"messages"`
}

// scene reads the world under its lock, so that its parts fit each other.
func (p *page) scene() pageScene {
	b := p.bot()
	commands := map[int64][]models.BotCommand{}
	for _, person := range p.w.People() {
		if b != nil {
			commands[person.UserID()] = b.Commands(person)
		}
	}
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	s := pageScene{Title: p.opts.Title, People: []pagePerson{}, Groups: []pageGroup{}}
	if b != nil {
		s.Bot = &pageBot{ID: b.user.ID, Name: b.user.FirstName, Username: b.user.Username}
	}
	if p.opts.Group != nil {
		s.Group = p.opts.Group.c.info.ID
	}
	for _, c := range p.w.groupOrder {
		if c.migratedTo == 0 {
			s.Groups = append(s.Groups, groupScene(c))
		}
	}
	for _, person := range p.w.people {
		v := p.personScene(b, person)
		v.Commands = commands[v.ID]
		s.People = append(s.People, v)
	}
	for _, g := range p.opts.Suggestions {
		s.Suggestions = append(s.Suggestions, pageSuggestion{Label: g.Label, Text: g.Text, Pictures: len(g.Pictures)})
	}
	return s
}

func groupScene(c *chat) pageGroup {
	g := pageGroup{ID: c.info.ID, Title: c.info.Title, Forum: c.isForum(), Members: []int64{}, Topics: topicScene(c)}
	for id, m := range c.members {
		if m.isIn() {
			g.Members = append(g.Members, id)
		}
	}
	return g
}

// topicScene lists a chat's topics as the page shows them.
func topicScene(c *chat) (list []TopicInfo) {
	for _, t := range c.topicOrder {
		if c.holds(t) {
			list = append(list, TopicInfo{ID: t.id, Name: t.name, Icon: iconOf(t.iconEmoji), Closed: t.closed})
		}
	}
	return list
}

// iconOf is the emoji of a topic's icon, which is kept by its ID.
func iconOf(id string) string {
	for _, icon := range topicIcons {
		if icon.id == id {
			return icon.emoji
		}
	}
	return ""
}

func (p *page) personScene(b *Bot, person *Person) pagePerson {
	v := pagePerson{ID: person.user.ID, Name: fullName(&person.user), Language: person.user.LanguageCode}
	for _, c := range p.w.groupOrder {
		v.Agent = v.Agent || c.members[person.user.ID].isIn()
	}
	if b == nil {
		return v
	}
	if c := p.w.private[privateKey{b.user.ID, person.user.ID}]; c != nil {
		v.Started, v.Blocked, v.Keyboard = c.started, c.blocked, replyButtons(c.keyboard)
		v.Topics = topicScene(c)
	}
	return v
}

// snapshot is the whole world as the page shows it.
func (p *page) snapshot() pageSnapshot {
	s := pageSnapshot{Boot: p.boot, Scene: p.scene(), Messages: []Message{}}
	for _, chat := range p.chats() {
		list := chat.Messages()
		s.Messages = append(s.Messages, list[max(0, len(list)-snapshotLimit):]...)
	}
	return s
}

// chats are those that the page shows: the bot's private ones and all groups.
func (p *page) chats() []*Chat {
	var out []*Chat
	if b := p.bot(); b != nil {
		for _, person := range p.w.People() {
			out = append(out, person.With(b).Chat)
		}
	}
	for _, g := range p.w.Groups() {
		out = append(out, g.Chat)
	}
	return out
}
