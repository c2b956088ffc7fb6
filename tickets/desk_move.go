package tickets

// Grown tells agents that their group has become a supergroup. The cards of its
// open tickets have stayed behind with the group's messages.
func (d Desk) Grown(to int64, open int) Notice {
	return Notice{
		To: Address{Chat: to}, Kind: NoticeSend, Priority: PriorityAnswer, Once: true,
		Lang: d.Policy.Agents.Lang, Message: Say("desk.grown", Args{"n": Count(open)}),
	}
}

// CardAgain shows a ticket in a group where its card is not yet, when nothing
// else is to be sent there: an edit of a card that is lost makes it anew.
func (d Desk) CardAgain(t Ticket, group int64) Notice {
	return Notice{
		To: Address{Chat: group, Ticket: t.ID}, About: t.ID, Kind: NoticeEdit, Priority: PriorityReminder,
		Lang: d.Policy.Agents.Lang, Message: d.Card(t), Extra: Extra{Card: true}, Merge: mergeCard,
	}
}
