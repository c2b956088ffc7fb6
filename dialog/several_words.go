package dialog

import "strings"

// The words of the detector. They are compared in lower case with е for ё. A
// word that ends in * is a stem. A phrase has spaces.

// cueKind is how surely a phrase begins another problem.
type cueKind int

const (
	noCue   cueKind = iota
	weak            // adds something: another problem, or only more about this one
	ordinal         // counts problems, or arguments
	strong          // says itself that there is another problem or question
)

// cues begin something further. They count at the start of a sentence or of a
// clause only.
var cues = map[cueKind]phrases{
	strong: merge(
		products(`еще одна, еще один, еще одно, еще такая, еще такой, такой, вот такой, еще, вторая, второй, третья, третий, другая, другой, следующая, следующий,
			новая, новый, отдельная, отдельный, отдельно, последняя, последний, также есть, также`,
			`проблема, вопрос, вопросик, момент, ошибка, беда, неполадка, баг, просьба, пожелание, нюанс, странность`),
		products(`another, yet another, second, a second, the second, third, a third, the third, next, the next, other, the other, different, a different,
			separate, a separate, one more, one other, one last, last, a last, further, a further, new, a new`,
			`problem, issue, question, thing, bug, error, matter, request, complaint`),
		list(`второе, третье, еще одно, отдельно, есть еще, п с, p s, ps, зы, з ы, постскриптум,
			по другому поводу, по другому вопросу, на другую тему, по другой теме, другая тема,
			separately, unrelated, on an unrelated note, on a different note, there is another, there's another`)),
	ordinal: list(`
		вторая, второй, третья, третий, четвертая, четвертый, во-вторых, во вторых, в-третьих, в третьих, в-четвертых, в четвертых, в-пятых,
		наконец, и последнее, напоследок, second, secondly, third, thirdly, fourth, fourthly, finally, lastly, last but not least`),
	weak: list(`
		еще, также, так же, кроме того, кроме этого, помимо этого, помимо того, плюс, плюс ко всему, вдобавок, в добавок, к тому же,
		заодно, кстати, а также, дополнительно,
		also, plus, in addition, additionally, on top of that, on top of this, on top of it, besides, besides that, furthermore, moreover,
		by the way, btw, apart from that, aside from that, and then there is`),
}

// firsts begin the first of several problems, or of several arguments.
var firsts = list(`первая, первый, первое, во-первых, во первых, first, firstly, first of all`)

// fillers may stand before a cue without changing it.
var fillers = set(`и, а, ну, да, но, ой, and, but, oh, ok, so, well, then, there, is, у, меня, нас, есть`)

// speakers may stand before "также" and "also": "I also can't log in".
var speakers = set(`я, мы, i, we, i'd, we'd, i'm, we're`)

// notAfterMore make "ещё" a word of time or degree: "ещё раз", "ещё вчера".
var notAfterMore = list(`в понедельник, во вторник, в среду, в четверг, в пятницу, в субботу, в воскресенье, в начале, в прошл*, на прошлой, с утра, раз, вчера, утром, днем, вечером, недавно, неделю, месяц, год, тогда, больше, хуже, пару, несколько, два, три, до`)

// functions are verbs of what a site does: with "не" before them, also glued to
// it, something does not work.
var functions = list(`
	работа*, открыва*, открыт*, открыл*, груз*, загруж*, загруз*, подгруж*, прогруж*, отправ*, приход*, приш*, доход*, дош*, уход*, сохран*,
	отображ*, отобраз*, показыва*, показ*, вид*, наход*, найд*, получа*, получ*, могу, можем, может, могут, удае*, удал*, реагир*, нажима*,
	клика*, раскрыва*, листа*, подключ*, проход*, прош*, проп*, дает, дают, меня*, измен*, запуск*, запуст*, индексир*, публик*, опублик*,
	обновля*, обнов*, счита*, синхрон*, выгруж*, добавля*, добав*, авториз*, пуска*, включ*, выключ*, отключ*, переход*, переключ*, прокруч*,
	подтяг*, подтвержд*, срабат*, сработ*, формир*, прикреп*, созда*, скач*, печат*, поддерж*, применя*, учитыва*, примен*, закрыва*, сворач*,
	активир*, привяз*, передает*, переда*, соответств*, совпада*, доступ*, настроен*, распозна*, вылож*, входит*, зайти, войти,
	оформ*, оплачива*, оплат*, верифиц*, ищет*, ищу*, появ*, выбира*, выбрат*, зачисл*, списыва*, интегр*, ставит*, поставить`)

// notFunctions after "не" tell of people and attempts.
var notFunctions = list(`помог*, знаю*, знает*, поним*, понял*, меняли, менял, меняла, трогал*, удивл*, хочу, хочет, буду, нужн*, надо, стал, стала`)

// failures are words that tell by themselves that something is wrong.
var failures = list(`
	ошибк*, ошибок, пропал*, пропада*, исчез*, слете*, слета*, слома*, сбил*, сбоит, сбой*, сбои, завис*, виснет, виснут, тормоз*, медленн*, глюч*,
	глюк*, пада*, упал, упала, упали, перестал*, потерял*, битая, битые, битый, битых, неверн*, неправильн*, некорректн*, пуст*, нули, нулев*, белый экран,
	белеет, дубл*, размыт*, перевернут*, растянут*, сжат*, уезжа*, съеха*, съезжа*, поехал*, перекрыва*, налеза*, обреза*, бесконечн*, недоступ*,
	заблокир*, взлом*, вирус*, вылета*, сбрасыва*, обнул*, лишн*, дважды, двоит*, крив*, невозможно, нельзя, мигает, мига*, скачет,
	удалились, удалился, удалилась, стерл*, теря*, просроч*, истек*, нет, нету, отсутству*, отвал*, разъехал*, расползл*, никак,
	failed, fails, failing, failure, broken, broke, breaks, missing, gone, error*, blank, wrong, slow, slowly, down, stuck, crash*, disappear*,
	empty, empties, expired, overlap*, stretched, blurr*, freez*, froze, hang, hangs, refus*, declin*, invisible, lost, incorrect*, unable, stopped,
	deleted, deletes, vanish*, duplicat*, garbled, unreachable, unavailable, forbidden, denied, spam, bug, 404, 403, 500, 502, 503, 504, overdue`)

// negations are English words that deny what follows.
var negations = list(`not, cannot, can't, cant, won't, wont, doesn't, doesnt, don't, dont, isn't, isnt, aren't, arent, never, unable, couldn't, didn't,
	didnt, hasn't, haven't, wasn't, no longer, nothing, no`)

// notDenied follow a negation without telling that something is wrong.
var notDenied = list(`sure, know, help, helped, change*, luck, understand, matter, want, only, problem, touch*, difference, a, an, my, our, to, just`)

// attempts are what the customer did about the problem, or found out.
var attempts = list(`
	пробова*, попробова*, пытал*, попытал*, почистил*, очистил*, чистил*, перезагру*, перезапус*, проверил, проверила, проверили, проверял*,
	написал, написала, написали, звонил*, позвонил*, переустан*, отключал*, отключил, отключила, сменил*, создал, создала, создали, заходил*,
	выходил*, подожд*, ждал, ждала, ждали, делал, делала, сделал, сделала, настроил*, читал, читала, читали, прочит*, смотрел*, посмотрел*,
	искал, искала, обращал*, обратил*, заметил*, спросил*, спрашивал*, попросил*, восстановил, восстановила, восстанавливал*, открывал,
	открывала, нажимал, нажимала, убедил*, сравнил*, помогло, помогает, помог, стоит, установил, установила,
	tried, try, trying, cleared, checked, restarted, reinstalled, asked, contacted, called, waited, rebooted, disabled, flushed, watched, looked,
	switched, noticed, verified, tested, reset, screenshot, скриншот*`)

// sameness tells that a piece goes on about what was said before.
var sameness = list(`
	то же, тоже самое, тоже так, тоже ничего, одинаков*, еще раз, по-прежнему, все равно, аналогичн*, такая же, такое же, такой же, результат,
	наблюдается, проявляется, бывает, происходит, случается, все нормально, все хорошо, все в порядке, нормально,
	same, still, as before, likewise, happens, happened, occurs, works fine, is fine, are fine, looks fine`)

// repetition does so when there is no complaint in the piece.
var repetition = list(`тоже, снова, опять, везде, again, too, everywhere, as well`)

// consequences tell that a piece follows from what was said before, or guesses
// at its cause.
var consequences = list(`
	из-за этого, из за этого, поэтому, в результате, вследствие, после этого, в итоге, соответственно, отсюда, видимо, следовательно,
	возможно, наверное, вероятно, кажется, думаю, похоже,
	because of that, because of this, as a result, therefore, consequently, hence, which means, maybe, perhaps, probably, i think, i guess, i suspect`)

// questions ask for something.
var questions = list(`прошу, просьба, подскажите, как, почему, зачем, можно ли, можете ли, могу ли, можно, хочу спросить, хочу узнать, хотел* спросить, хотел* узнать, хотел* бы спросить, хотел* бы узнать, сколько, где,
	please, how, why, can i, can you, could you, where, is it possible, what is, like to know, like to ask, want to know, want to ask, wonder*`)

// announcements before a list say that it holds problems.
var announcements = list(`проблем*, вопрос*, исправить, поправить, ошибки, ошибок, недочет*, баги, багов, замечани*, сломалось, не работает следующее, вещей, моментов,
	problems, issues, questions, bugs, things, errors, to fix`)

// details open a sentence that tells more about the problem before it.
var details = list(`при, когда, если, после, это, эта, этот, он, она, оно, они, пишет, выдает, появляется, в консоли, на экране, ошибка, текст, потом, затем,
	далее, хотя, но, а, и, ожидал*, фактическ*, на деле, из-за, ничего, никакой,
	when, if, after, it, this, that, these, they, then, but, and, so, the error, instead, expected, actual, nothing, because`)

// actions open a step in English.
var actions = list(`open, click, go, press, choose, select, add, enter, type, log, login, sign, save, upload, scroll, try, navigate, fill, put, hit, tap,
	wait, refresh, reload, create, delete, remove, change, drag, edit, submit, pick, visit, set, i`)

// wishes look like steps in Russian but ask for something.
var wishes = set(`хочу, прошу, могу, жду, нужно, надо, хотелось, добавьте, исправьте, верните, почините, сделайте, поменяйте, подскажите, помогите`)

// reports introduce an error's text.
var reports = list(`ошибк*, пишет, пишут, выдает, выдают, выскакивает, показывает, вылета*, появляется, сообщение, error*, gives, gave, says, said, shows, message,
	getting, get, got`)

// sequels tell that an error came after another one, on the same way.
var sequels = list(`потом, затем, снова, опять, после этого, иногда, либо, или, then, again, sometimes, afterwards, later`)

// services are sites that customers mention and that are not theirs.
var services = strings.Fields(`google.com yandex.ru ya.ru mail.ru gmail.com reg.ru nic.ru youtube.com youtu.be imgur.com prnt.sc
	disk.yandex.ru drive.google.com docs.google.com t.me vk.com rutube.ru ibb.co postimg.cc whatsapp.com wa.me facebook.com instagram.com
	webmaster.yandex.ru metrika.yandex.ru search.google.com validator.w3.org pagespeed.web.dev godaddy.com cloudflare.com`)

// leads open what goes on about something said before, or thanks.
var leads = set(`это, эта, этот, эти, он, она, оно, они, вот, там, тут, чтобы, что, который, которая, спасибо,
	it, this, that, these, those, they, he, she, here, to, so, thanks, thank`)

// greetings are passed over.
var greetings = list(`здравствуйте, здравствуй, приветствую, привет, всем привет, всем, добрый день, добрый вечер, доброе утро, доброго времени суток, доброго дня,
	коллеги, уважаемые, уважаемая поддержка, поддержка,
	hello, hi, hey, dear, good morning, good afternoon, good evening, good day, there, all, team, everyone, support`)

// persons open what somebody did or has.
var persons = set(`я, мы, i, we, i've, we've, i'm, we're, my, our`)

// courtesies ask for an answer, thank, hurry, offer help, or give particulars,
// rather than describe anything.
var courtesies = list(`спасибо, благодар*, заранее, срок*, перезвон*, свяжит*, связать*, сообщит*, ответ*, жду, ждем, срочно, решилось, помогли, тариф, договор*,
	завтра, успеть, торопимся, дедлайн*, прислать, пришлю, скину, могу показать, могу дать,
	tomorrow, tonight, hurry, deadline, send you, show you, provide,
	thank*, asap, urgent*, reply, call me, contact me, waiting, regards, attach*, plan`)

// places are devices and programs: "also on my phone".
var places = list(`телефон*, планшет*, ноутбук*, компьютер*, браузер*, хром*, сафари, опера, опере, айфон*, андроид*,
	phone, phones, laptop, tablet, computer, browser*, chrome, firefox, safari, edge, iphone, android, ipad`)

// sequences open a further step.
var sequences = set(`затем, потом, далее, дальше, после, снова, then, next, after, finally, again, наконец`)

// common are words that two problems may share without being one; see
// piece.talksOf.
var common = list(`сайт*, страниц*, работа*, после, перед, вместо, когда, очень, можно, почему, здравств*, добрый, пожалуй*, подскаж*, помогите, товар*, заказ*,
	клиент*, покупат*, кнопк*, сегодня, вчера, теперь, ошибк*, пишет, выдает, показыв*, открыва*, отобраз*, отображ*, проблем*, вопрос*, главн*,
	site*, website*, page*, after, before, instead, customer*, visitor*, shows, shown, showing, please, today, yesterday, works, working, error*,
	problem*, issue*, button*, order*, product*, their, there, these, those, which, where, every, always`)
