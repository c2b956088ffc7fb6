// Package telegramsim is a local Telegram: the Bot API as an http.Handler, and
// people who type, press buttons and send pictures. It is the stage on which a
// bot is shown, tested and measured, without a token and without a network.
//
// A World holds everything in memory: bots, people, private chats, groups with
// topics, messages, files. Its Handler answers a bot as Telegram's own server
// does, error texts included, whether the bot polls or takes a webhook; the bot
// may live in the same process or in another one. People live in the World and
// are moved from Go:
//
//	world := telegramsim.New()
//	defer world.Close()
//	world.AddBot("4242:secret", "helpdeskbot", "Help desk")
//	go http.Serve(listener, world.Handler())
//	// … start the bot with the listener's address as its Bot API URL …
//
//	ivan := world.AddPerson("Ivan Petrov")
//	ivan.Send("/start")
//	question, err := ivan.Expect(ctx, "What is it about?")
//	ivan.Press("Speed")
//
//	desk := world.AddForum("Support", world.AddPerson("Olga"))
//	topic, err := desk.ExpectTopic(ctx, "Speed")
//	card, err := topic.Expect(ctx, "example.ru")
//
// In tests an Actor spares the errors: World.Customer(t, "Ivan").
//
// # Who is who
//
//   - World makes bots, people and groups, and tells every change to a
//     Subscription.
//   - Chat is a view of a private chat, a group or a topic: its messages, what is
//     expected of it, its transcript.
//   - Seat is a person in a chat, and what they do there. A Person is their own
//     Seat in the private chat with the first bot; Person.In seats them in a group
//     or a topic.
//   - Group is a Chat whose members and rights can be changed.
//   - Script is a storm of faults as data; a Storm plays it.
//
// # What is like the real server
//
// Queues and retries of webhooks, long polling, the kinds of updates that must be
// asked for, privacy mode, lengths in UTF-16 units, markup, limits (switched on by
// WithRateLimits and WithPollPenalty), 48 hours for deleting, 150 seconds for answering a press, groups
// that become supergroups, topics that vanish, topics in private chats (Bot.SetTopics). Where the real server drops
// something without a word (a button without a text, the end of a long topic
// name), so does this one.
//
// # What is not
//
// Only the methods that a support bot needs exist; others answer 404. Pictures
// are not scaled: all sizes of a photo hold the same bytes. A webhook's address
// may be http. The older parse mode "Markdown" is unknown. Files are not fetched from
// URLs.
package telegramsim
