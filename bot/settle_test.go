package bot

import (
	"net/http"
	"testing"

	"intakebot/bot/telegramsim"
)

// TestOtherFailuresDoNotCountAgainstARefusal: after an outage a single refusal of
// an unknown kind, or a topic that is gone, is no reason to give up. (A storm
// lost a ticket's card to it.)
func TestOtherFailuresDoNotCountAgainstARefusal(t *testing.T) {
	for name, refusal := range map[string]telegramsim.Outcome{
		"odd":          telegramsim.Refuse(400, "Bad Request: SOMETHING_NEW_INVALID", ""),
		"not modified": telegramsim.Refuse(400, "Bad Request: message is not modified", ""),
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(o *office) {
				anna := o.customer("Anna")
				calls := 0
				o.world.SetFault(func(c telegramsim.Call) telegramsim.Outcome {
					if c.Method != "sendmessage" {
						return telegramsim.Outcome{}
					}
					switch calls++; {
					case calls <= 2*mostOdd:
						return telegramsim.Outcome{Status: http.StatusBadGateway, Body: "<html>"}
					case calls < 3*mostOdd:
						return refusal
					}
					return telegramsim.Outcome{}
				})
				o.start()
				o.post(note(anna.Person().UserID(), "the answer"))
				o.drain()
				o.same("said", botTexts(anna.Chat), []string{"the answer"})
			})
		})
	}
}
