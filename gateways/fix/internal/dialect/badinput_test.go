package dialect

import (
	"strings"
	"testing"
	"time"
)

const (
	goodOrder  = "11=X|1=C1|63=0|55=EUR/USD|54=1|60=NOW|38=1000|40=2|44=1.08|15=EUR|"
	goodSwap   = "11=X|1=C1|54=1|55=EUR/USD|555=2|600=EUR/USD|566=1.08|587=0|600=EUR/USD|566=1.09|587=M1|60=NOW|38=1000|40=2|"
	goodReport = "571=X|570=N|55=EUR/USD|32=1000|31=1.08|75=20261124|60=NOW|552=1|54=1|37=NONE|1=C1|"
	goodCheck  = "2318=X|2320=0|2321=0|2324=1000|453=1|448=C1|447=D|452=3|55=EUR/USD|54=1|60=NOW|"
)

// badInput: a sound message of the type, one change to it, and the exact answer over the wire of the real engine.
// 3 is a Reject (371 the tag, 372 the message type, 373 the reason), j a BusinessMessageReject (379 the provider's
// reference, 380 the reason). The last ones are sound: what they ask is for the core to refuse.
var badInput = []struct {
	name, msgType, good, from, to string
	want                          string
}{
	{"unknown message type", "ZZ", goodOrder, "", "", "3 372=ZZ 373=11 58=Invalid MsgType"},
	{"message type that is not served", "F", "11=X|41=Y|55=EUR/USD|54=1|60=NOW|38=1|", "", "", "3 372=F 373=11 58=Invalid MsgType"},
	{"message type that only we send", "8", "37=1|17=1|150=F|39=2|55=EUR/USD|54=1|151=0|14=1|6=1|", "", "", "j 372=8 380=3 58=Unsupported Message Type"},

	{"no ClOrdID", "D", goodOrder, "11=X|", "", "3 371=11 372=D 373=1 58=Required tag missing"},
	{"no symbol", "D", goodOrder, "55=EUR/USD|", "", "3 371=55 372=D 373=1 58=Required tag missing"},
	{"no side", "D", goodOrder, "54=1|", "", "3 371=54 372=D 373=1 58=Required tag missing"},
	{"no time", "D", goodOrder, "60=NOW|", "", "3 371=60 372=D 373=1 58=Required tag missing"},
	{"no amount", "D", goodOrder, "38=1000|", "", "3 371=38 372=D 373=1 58=Required tag missing"},
	{"no order type", "D", goodOrder, "40=2|", "", "3 371=40 372=D 373=1 58=Required tag missing"},
	{"no price", "D", goodOrder, "44=1.08|", "", "j 372=D 379=X 380=5 58=conditionally required tag 44 missing"},
	{"no client", "D", goodOrder, "1=C1|", "", "j 372=D 379=X 380=5 58=conditionally required tag 1 missing"},
	{"party without id", "D", goodOrder, "1=C1|", "453=1|447=D|452=3|", "3 371=453 372=D 373=16 58=Incorrect NumInGroup count for repeating group"},
	{"broken date without date", "D", goodOrder, "63=0", "63=B", "j 372=D 379=X 380=5 58=conditionally required tag 64 missing"},
	{"swap without far date", "D", goodOrder, "40=2", "40=G|640=1.09", "j 372=D 379=X 380=5 58=conditionally required tag 193 missing"},
	{"swap without far rate", "D", goodOrder, "40=2", "40=G|193=20270101", "j 372=D 379=X 380=5 58=conditionally required tag 640 missing"},
	{"swap that says limit", "D", goodOrder, "40=2|44=1.08", "40=2|44=1.08|193=20270104|192=1000|640=1.09", "3 371=193 372=D 373=5 58=value of tag 193 is incorrect: of a swap, which is 40=G"},
	{"far rate of an order on a quote", "D", goodOrder, "40=2|44=1.08", "40=D|44=1.08|640=1.09", "3 371=640 372=D 373=5 58=value of tag 640 is incorrect: of a swap, which is 40=G"},
	{"far amount of a limit order", "D", goodOrder, "40=2|44=1.08", "40=2|44=1.08|192=1000", "3 371=192 372=D 373=5 58=value of tag 192 is incorrect: of a swap, which is 40=G"},

	{"field without value", "D", goodOrder, "15=EUR", "15=", "3 371=15 372=D 373=4 58=Tag specified without a value"},
	{"field twice", "D", goodOrder, "15=EUR|", "15=EUR|15=EUR|", "3 371=15 372=D 373=13 58=Tag appears more than once"},
	{"tag that FIX does not know", "D", goodOrder, "15=EUR|", "15=EUR|9999=1|", "3 371=9999 372=D 373=0 58=Invalid tag number"},
	{"tag of another message", "D", goodOrder, "15=EUR|", "15=EUR|571=1|", "3 371=571 372=D 373=2 58=Tag not defined for this message type"},
	{"header field in the body", "D", goodOrder, "15=EUR|", "15=EUR|50=X|", "3 371=50 372=D 373=14 58=Tag specified out of required order"},

	{"zero amount", "D", goodOrder, "38=1000", "38=0.00", "3 371=38 372=D 373=5 58=value of tag 38 is incorrect: must be above zero"},
	{"negative amount", "D", goodOrder, "38=1000", "38=-1000", "3 371=38 372=D 373=5 58=value of tag 38 is incorrect: must be above zero"},
	{"amount of sixteen digits", "D", goodOrder, "38=1000", "38=1000000000000001", "3 371=38 372=D 373=5 58=value of tag 38 is incorrect: at most 15 significant digits, 10 of them decimals"},
	{"amount of a hundred digits", "D", goodOrder, "38=1000", "38=" + strings.Repeat("9", 100), "3 371=38 372=D 373=5 58=value of tag 38 is incorrect: at most 15 significant digits, 10 of them decimals"},
	{"amount beyond all bounds", "D", goodOrder, "38=1000", "38=" + strings.Repeat("9", 400), "3 371=38 372=D 373=6 58=Incorrect data format for value"},
	{"amount with exponent", "D", goodOrder, "38=1000", "38=1e6", "3 371=38 372=D 373=6 58=Incorrect data format for value"},
	{"amount with a plus", "D", goodOrder, "38=1000", "38=+1000", "3 371=38 372=D 373=6 58=Incorrect data format for value"},
	{"amount with separators", "D", goodOrder, "38=1000", "38=1,000", "3 371=38 372=D 373=6 58=Incorrect data format for value"},
	{"amount in words", "D", goodOrder, "38=1000", "38=NaN", "3 371=38 372=D 373=6 58=Incorrect data format for value"},
	{"zero price", "D", goodOrder, "44=1.08", "44=0", "3 371=44 372=D 373=5 58=value of tag 44 is incorrect: must be above zero"},
	{"negative price", "D", goodOrder, "44=1.08", "44=-1.08", "3 371=44 372=D 373=5 58=value of tag 44 is incorrect: must be above zero"},
	{"price of eleven decimals", "D", goodOrder, "44=1.08", "44=1.00000000001", "3 371=44 372=D 373=5 58=value of tag 44 is incorrect: at most 15 significant digits, 10 of them decimals"},

	{"market order", "D", goodOrder, "40=2", "40=1", "3 371=40 372=D 373=5 58=Value is incorrect (out of range) for this tag"},
	{"sell short", "D", goodOrder, "54=1", "54=5", "3 371=54 372=D 373=5 58=Value is incorrect (out of range) for this tag"},
	{"side by legs without legs", "D", goodOrder, "54=1", "54=B", "3 371=54 372=D 373=5 58=value of tag 54 is incorrect: 1 is buy, 2 is sell"},
	{"option", "D", goodOrder, "55=EUR/USD", "55=EUR/USD|167=OPT", "3 371=167 372=D 373=5 58=Value is incorrect (out of range) for this tag"},
	{"spot in a month", "D", goodOrder, "63=0|55=EUR/USD", "63=M1|55=EUR/USD|167=FXSPOT", "3 371=167 372=D 373=5 58=value of tag 167 is incorrect: does not fit the settlement or the order type"},
	{"swap in one leg", "D", goodOrder, "55=EUR/USD", "55=EUR/USD|167=FXSWAP", "3 371=167 372=D 373=5 58=value of tag 167 is incorrect: does not fit the settlement or the order type"},
	{"settlement T+3", "D", goodOrder, "63=0", "63=4", "3 371=63 372=D 373=5 58=value of tag 63 is incorrect: 0, 1, 2, B, C, or D, W, M, Y and a count of 1 to 999"},
	{"tenor without count", "D", goodOrder, "63=0", "63=M", "3 371=63 372=D 373=5 58=value of tag 63 is incorrect: 0, 1, 2, B, C, or D, W, M, Y and a count of 1 to 999"},
	{"tenor of zero months", "D", goodOrder, "63=0", "63=M0", "3 371=63 372=D 373=5 58=value of tag 63 is incorrect: 0, 1, 2, B, C, or D, W, M, Y and a count of 1 to 999"},
	{"date that is none", "D", goodOrder, "63=0", "64=20260230", "3 371=64 372=D 373=5 58=value of tag 64 is incorrect: no such day"},
	{"date in another form", "D", goodOrder, "63=0", "64=2026-12-30", "3 371=64 372=D 373=6 58=incorrect data format of tag 64: YYYYMMDD"},
	{"time in another form", "D", goodOrder, "60=NOW", "60=2026-11-24T12:00:00Z", "3 371=60 372=D 373=6 58=Incorrect data format for value"},
	{"time in the future", "D", goodOrder, "60=NOW", "60=20990101-00:00:00", "3 371=60 372=D 373=5 58=value of tag 60 is incorrect: lies in the future"},
	{"time in the last century", "D", goodOrder, "60=NOW", "60=19700101-00:00:00", "3 371=60 372=D 373=5 58=value of tag 60 is incorrect: lies too far back"},
	{"currency in small letters", "D", goodOrder, "15=EUR", "15=eur", "3 371=15 372=D 373=6 58=incorrect data format of tag 15: three capital letters"},
	{"settlement currency of another pair", "D", goodOrder, "15=EUR", "15=EUR|120=JPY", "3 371=120 372=D 373=5 58=value of tag 120 is incorrect: must be a currency of the pair"},

	{"ClOrdID of 65 characters", "D", goodOrder, "11=X", "11=" + strings.Repeat("X", 65), "3 371=11 372=D 373=5 58=value of tag 11 is incorrect: the text is too long"},
	{"binary in ClOrdID", "D", goodOrder, "11=X", "11=X\x00\xff", "3 371=11 372=D 373=6 58=incorrect data format of tag 11: only printable ASCII characters"},
	{"binary in text", "D", goodOrder, "15=EUR", "15=EUR|58=\x02\x03", "3 371=58 372=D 373=6 58=incorrect data format of tag 58: only printable ASCII characters"},
	{"line break in the client", "D", goodOrder, "1=C1", "1=C1\n", "3 371=1 372=D 373=6 58=incorrect data format of tag 1: only printable ASCII characters"},
	{"UTF-8 in the client", "D", goodOrder, "1=C1", "1=Zürich", "3 371=1 372=D 373=6 58=incorrect data format of tag 1: only printable ASCII characters"},
	{"text of 513 characters", "D", goodOrder, "15=EUR", "15=EUR|58=" + strings.Repeat("x", 513), "3 371=58 372=D 373=5 58=value of tag 58 is incorrect: the text is too long"},
	{"symbol of 33 characters", "D", goodOrder, "55=EUR/USD", "55=" + strings.Repeat("E", 33), "3 371=55 372=D 373=5 58=value of tag 55 is incorrect: the text is too long"},

	{"swap of one leg", "AB", goodSwap, "555=2|600=EUR/USD|566=1.08|587=0|", "555=1|", "3 371=555 372=AB 373=5 58=value of tag 555 is incorrect: a swap has two legs, the near one first"},
	{"more legs said than sent", "AB", goodSwap, "555=2", "555=3", "3 371=555 372=AB 373=16 58=Incorrect NumInGroup count for repeating group"},
	{"legs the same way", "AB", goodSwap, "566=1.09", "624=1|566=1.09", "3 371=624 372=AB 373=5 58=value of tag 624 is incorrect: the legs of a swap go opposite ways"},
	{"sides by legs that have none", "AB", goodSwap, "54=1", "54=B", "j 372=AB 379=X 380=5 58=conditionally required tag 624 missing"},
	{"leg without rate", "AB", goodSwap, "566=1.09|", "", "j 372=AB 379=X 380=5 58=conditionally required tag 566 missing"},
	{"leg of another pair", "AB", goodSwap, "600=EUR/USD|566=1.09", "600=EUR/JPY|566=1.09", "3 371=600 372=AB 373=5 58=value of tag 600 is incorrect: differs from the message's own"},
	{"far leg without settlement", "AB", goodSwap, "587=M1|", "", "j 372=AB 379=X 380=5 58=conditionally required tag 587 missing"},
	{"points below the near rate", "AB", goodSwap, "566=1.09|587=M1|60=NOW|38=1000|40=2|", "587=M1|60=NOW|38=1000|40=2|1069=-2|", "3 371=1069 372=AB 373=5 58=value of tag 1069 is incorrect: the far rate must be above zero"},

	{"report without side", "AE", goodReport, "552=1|54=1|37=NONE|1=C1|", "", "3 371=552 372=AE 373=1 58=Required tag missing"},
	{"report without client", "AE", goodReport, "|1=C1", "", "j 372=AE 379=X 380=5 58=conditionally required tag 1 missing"},
	{"report of two sides", "AE", goodReport, "552=1|54=1|37=NONE|1=C1|", "552=2|54=1|1=C1|54=2|1=C2|", "3 371=552 372=AE 373=5 58=value of tag 552 is incorrect: one side: the client's"},
	{"correction of a report", "AE", goodReport, "570=N", "487=2|570=N", "3 371=487 372=AE 373=5 58=Value is incorrect (out of range) for this tag"},
	{"zero amount reported", "AE", goodReport, "32=1000", "32=0", "3 371=32 372=AE 373=5 58=value of tag 32 is incorrect: must be above zero"},
	{"trade date that is none", "AE", goodReport, "75=20261124", "75=20261324", "3 371=75 372=AE 373=5 58=value of tag 75 is incorrect: no such day"},

	{"check without client", "UDF", goodCheck, "452=3", "452=1", "j 372=UDF 379=X 380=5 58=conditionally required tag 448 missing"},
	{"check without amount", "UDF", goodCheck, "2324=1000|", "", "j 372=UDF 379=X 380=5 58=conditionally required tag 2324 missing"},
	{"check of zero", "UDF", goodCheck, "2324=1000", "2324=0", "3 371=2324 372=UDF 373=5 58=value of tag 2324 is incorrect: must be above zero"},
	{"replacement of a check", "UDF", goodCheck, "2320=0", "2320=2", "3 371=2320 372=UDF 373=5 58=Value is incorrect (out of range) for this tag"},
	{"consumption of nothing", "UDF", goodCheck, "2321=0", "2321=1", "j 372=UDF 379=X 380=5 58=conditionally required tag 2322 missing"},
	{"consumption for a quote", "UDF", goodCheck, "2321=0", "2321=1|2322=L|1080=Q|1081=5", "3 371=1081 372=UDF 373=5 58=value of tag 1081 is incorrect: not among the values accepted"},
	{"consumption for a trade without its id", "UDF", goodCheck, "2321=0", "2321=1|2322=L|1081=0", "j 372=UDF 379=X 380=5 58=conditionally required tag 1080 missing"},
	{"consumption for what is no trade id", "UDF", goodCheck, "2321=0", "2321=1|2322=L|1080=NONE|1081=1", "3 371=1080 372=UDF 373=5 58=value of tag 1080 is incorrect: is not one of our trade ids"},
	{"consumption of an unknown tenor without a pair", "UDF", goodCheck, "2321=0|2324=1000|453=1|448=C1|447=D|452=3|55=EUR/USD|", "2321=1|2322=L|63=XX|453=1|448=C1|447=D|452=3|", "3 371=63 372=UDF 373=5 58=value of tag 63 is incorrect: 0, 1, 2, B, C, or D, W, M, Y and a count of 1 to 999"},
	{"cancellation for a trade", "UDF", goodCheck, "2320=0", "2320=1|2322=L|1080=Q", "3 371=1080 372=UDF 373=5 58=value of tag 1080 is incorrect: only to consume or to reverse"},
	{"cancellation that says what a trade is named by", "UDF", goodCheck, "2320=0", "2320=1|2322=L|1081=0", "3 371=1081 372=UDF 373=5 58=value of tag 1081 is incorrect: only to consume or to reverse"},
	{"reservation for a trade", "UDF", goodCheck, "2324=1000", "2324=1000|1080=Q|1081=0", "3 371=1080 372=UDF 373=5 58=value of tag 1080 is incorrect: only to consume or to reverse"},
	{"reservation that names a reservation", "UDF", goodCheck, "2324=1000", "2324=1000|2322=L", "3 371=2322 372=UDF 373=5 58=value of tag 2322 is incorrect: no reservation is there yet when reserving"},
	{"reservation that names an id of ours", "UDF", goodCheck, "2324=1000", "2324=1000|2319=L", "3 371=2319 372=UDF 373=5 58=value of tag 2319 is incorrect: no reservation is there yet when reserving"},
	{"consumption for a trade of 65 characters", "UDF", goodCheck, "2321=0", "2321=1|2322=L|1080=" + strings.Repeat("X", 65), "3 371=1080 372=UDF 373=5 58=value of tag 1080 is incorrect: the text is too long"},
	{"FIX 5.0's form over 4.4", "DF", goodCheck, "", "", "3 372=DF 373=11 58=Invalid MsgType"},

	{"pair without slash: for the core", "D", goodOrder, "55=EUR/USD", "55=EURUSD", "trade.requested"},
	{"same currency twice: for the core", "D", goodOrder, "55=EUR/USD", "55=EUR/EUR", "trade.requested"},
	{"unknown pair: for the core", "D", goodOrder, "55=EUR/USD", "55=XXX/YYY", "trade.requested"},
	{"currency outside the pair: for the core", "D", goodOrder, "15=EUR", "15=JPY", "trade.requested"},
	{"past value date: for the core", "D", goodOrder, "63=0", "64=20200101", "trade.requested"},
	{"over-precise amount: for the core", "D", goodOrder, "38=1000", "38=1000.123456", "trade.requested"},
	{"absurd amount: for the core", "D", goodOrder, "38=1000", "38=999999999999999", "trade.requested"},
	{"old time: for the core", "D", goodOrder, "60=NOW", "60=20200101-00:00:00", "trade.requested"},
	{"ClOrdID of 64 characters", "D", goodOrder, "11=X", "11=" + strings.Repeat("X", 64), "trade.requested"},
}

func TestBadInputGetsTheExactAnswer(t *testing.T) {
	app, address := startAcceptor(t, session44)
	c := dial(t, session44, address)
	for _, b := range badInput {
		if !strings.Contains(b.good, b.from) {
			t.Fatalf("%s: nothing to change", b.name)
		}
		body := strings.Replace(b.good, b.from, b.to, 1)
		c.say(b.msgType, strings.Replace(body, "NOW", time.Now().UTC().Format(timestampLayout), 1))
		if got := c.hear(app.taken); got != b.want {
			t.Errorf("%s:\n got %s\nwant %s", b.name, got, b.want)
		}
	}
}

// Over FIXT 1.1 the session layer is another dictionary; the rules are the same.
func TestBadInputOverFIXT(t *testing.T) {
	app, address := startAcceptor(t, session50)
	c := dial(t, session50, address)
	now := time.Now().UTC().Format(timestampLayout)
	for _, b := range []struct{ name, msgType, body, want string }{
		{"sound", "D", goodOrder, "trade.requested"},
		{"sound check", "DF", goodCheck, "linecheck.requested"},
		{"FIX 4.4's form over 5.0", "UDF", goodCheck, "3 372=UDF 373=11 58=Invalid MsgType"},
		{"cancellation for a trade", "DF", strings.Replace(goodCheck, "2320=0", "2320=1|2322=L|1080=Q|1081=1", 1), "3 371=1080 372=DF 373=5 58=value of tag 1080 is incorrect: only to consume or to reverse"},
		{"reservation for a trade", "DF", goodCheck + "1080=Q|", "3 371=1080 372=DF 373=5 58=value of tag 1080 is incorrect: only to consume or to reverse"},
		{"swap as one order", "D", strings.Replace(goodOrder, "40=2", "40=G", 1), "3 371=40 372=D 373=5 58=Value is incorrect (out of range) for this tag"},
		{"far leg fields in an order", "D", goodOrder + "640=1|", "3 371=640 372=D 373=0 58=Invalid tag number"},
		{"zero amount", "D", strings.Replace(goodOrder, "38=1000", "38=0", 1), "3 371=38 372=D 373=5 58=value of tag 38 is incorrect: must be above zero"},
		{"no price", "D", strings.Replace(goodOrder, "44=1.08|", "", 1), "j 372=D 379=X 380=5 58=conditionally required tag 44 missing"},
		{"other application version", "D", "1128=8|" + goodOrder, "3 371=1128 372=D 373=5 58=Value is incorrect (out of range) for this tag"},
	} {
		c.say(b.msgType, strings.Replace(b.body, "NOW", now, 1))
		if got := c.hear(app.taken); got != b.want {
			t.Errorf("%s:\n got %s\nwant %s", b.name, got, b.want)
		}
	}
}

// A refusal for want of room names the reference, so that the provider knows which request to send again.
func TestOverloadedNamesTheReference(t *testing.T) {
	d := New(Settings{})
	for _, s := range samples() {
		m := loadDictionaries(t, s.session).receive(t, s.session, s.msgType, s.body)
		reject := d.Overloaded(s.session, m)
		_, reference, _ := strings.Cut(s.body, "=")
		reference, _, _ = strings.Cut(reference, "|")
		if !reject.IsBusinessReject() || reject.RejectReason() != 4 || reject.BusinessRejectRefID() != reference || reject.Error() == "" {
			t.Errorf("%s: %v %d %q", s.name, reject, reject.RejectReason(), reject.BusinessRejectRefID())
		}
	}
}
