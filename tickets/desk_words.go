package tickets

import (
	"strings"
	"unicode"
)

// cutWords takes the words for the customer off what was typed behind a command:
// all of it, or what follows the value, which is one word.
func (a Action) cutWords(act *Act) {
	switch a.Wants {
	case NoValue:
		act.Value, act.Words = "", act.Value
	case WantsReason, WantsLevel, WantsSwitch, WantsCanned, WantsTicket:
		value, words := CutWord(act.Value)
		act.Value, act.Words = strings.ToLower(value), words // phones begin with a capital
	}
}

// CutWord takes the first word off a text.
func CutWord(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], strings.TrimSpace(s[i:])
	}
	return s, ""
}

// report has whoever acts told what becomes of the news for the customer: by a
// sign on the command once it is delivered, or in words why it is not. Whether
// there will be that sign is what comes back.
func (u *deskTurn) report(a Act) bool {
	for i, n := range u.c.Notices {
		if n.To.Chat != u.t.Customer || n.Kind != NoticeSend {
			continue
		}
		source := Source{Chat: u.t.Place.Group}
		if a.Reply != 0 && n.About != Filed {
			source.Messages = []int64{a.Reply}
		}
		n.Extra.Source, n.Extra.Report, n.Extra.Writer = &source, true, u.Policy.Agents.Lang
		u.c.Notices[i] = n
		return len(source.Messages) > 0
	}
	return false
}

// said are the words that an agent adds to the news of an action.
func said(a Act) []Line {
	if a.Words == "" {
		return nil
	}
	return []Line{{"told.words", Args{"text": Text(a.Words)}}}
}
