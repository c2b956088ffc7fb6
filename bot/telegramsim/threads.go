package telegramsim

// SetTopics switches BotFather's topics in private chats, off by default, and
// whether people may make and delete some themselves. Topics that there are come
// back with the switch; while it is off nobody sees them, and what is sent into
// them is refused.
func (b *Bot) SetTopics(on, byPeople bool) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	b.topics, b.byPeople = on, byPeople
	for _, p := range b.w.people {
		if c := b.w.private[privateKey{b.user.ID, p.user.ID}]; c != nil {
			b.w.emit(c, Event{Kind: ChatChanged})
		}
	}
}

// hasTopics tells whether there can be topics in a chat.
func (c *chat) hasTopics() bool { return c.isForum() || c.isPrivate() && c.bot.topics }

// holds tells whether a topic of the chat is there to be seen.
func (c *chat) holds(t *topic) bool { return t != nil && !t.deleted && c.hasTopics() }
