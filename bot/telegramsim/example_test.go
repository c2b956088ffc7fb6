package telegramsim_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"intakebot/bot/telegramsim"
)

// A bot that greets, and a customer who says hello to it.
func Example() {
	ctx, stop := context.WithCancel(context.Background())
	world := telegramsim.New()
	world.AddBot("4242:secret", "helpdeskbot", "Help desk")
	server := httptest.NewServer(world.Handler())
	defer server.Close()
	defer world.Close()
	defer stop()

	greet := func(ctx context.Context, b *bot.Bot, u *models.Update) {
		_, _ = b.SendMessage(ctx, &bot.SendMessageParams{
			ChatID: u.Message.Chat.ID,
			Text:   "Hello, " + u.Message.From.FirstName + "!",
			ReplyMarkup: models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{
				{{Text: "New ticket", CallbackData: "new"}},
			}},
		})
	}
	api, err := bot.New("4242:secret", bot.WithServerURL(server.URL), bot.WithDefaultHandler(greet))
	if err != nil {
		fmt.Println(err)
		return
	}
	go api.Start(ctx)

	ivan := world.AddPerson("Ivan Petrov")
	if _, err := ivan.Send("Hi there"); err != nil {
		fmt.Println(err)
	}
	if _, err := ivan.Expect(ctx, "Hello, Ivan"); err != nil {
		fmt.Println(err)
	}
	fmt.Print(ivan.Transcript())
	// Output:
	// — Ivan Petrov —
	// Ivan Petrov: Hi there
	// Help desk: Hello, Ivan!
	//     [ New ticket ]
}
