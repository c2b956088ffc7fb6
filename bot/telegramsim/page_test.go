package telegramsim_test

import (
	"testing"

	"intakebot/bot/telegramsim"
)

func suggestions() []telegramsim.Suggestion {
	return []telegramsim.Suggestion{{
		Label:    telegramsim.Words{RU: "Приложить пример снимка экрана", EN: "Attach a sample screenshot"},
		Pictures: []telegramsim.Picture{telegramsim.SampleScreenshot("500", "Internal Server Error", "https://shop.example/cart")},
	}}
}

func TestPageInChromium(t *testing.T) {
	browser := newBrowser(t)
	t.Run("it looks right", func(t *testing.T) { looks(t, newStory(newStage(t)), browser) })
}
