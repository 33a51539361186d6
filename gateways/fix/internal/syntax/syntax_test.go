package syntax_test

import (
	"strconv"
	"strings"
	"testing"

	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/fix/internal/syntax"
	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/fix/internal/wire"
)

func load(t testing.TB, begin string) *syntax.Rules {
	t.Helper()
	paths, err := dialect.WriteDictionaries(t.TempDir(), variation.Variation{})
	if err != nil {
		t.Fatal(err)
	}
	transport, app := "", paths[dialect.FIX44]
	if begin == "FIXT.1.1" {
		transport, app = paths[dialect.FIXT11], paths[dialect.FIX50SP2]
	}
	rules, err := syntax.Load(transport, app)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func message(begin, body string) []byte {
	return wire.Build(begin, []byte(strings.ReplaceAll(body, "|", "\x01")))
}

func shown(msg []byte) string {
	text := strings.ReplaceAll(string(msg), "\x01", "|")
	return text[strings.Index(text, "35="):strings.LastIndex(text, "10=")]
}

const head = "35=D|49=A|56=FXCORE|34=2|52=20261124-12:00:00|"

// What the engine gets of a message, and what is refused: each is named after the rule.
func TestRead(t *testing.T) {
	for name, test := range map[string]struct{ sent, want, why string }{
		"what is sound stays":                  {head + "60=20261124-12:00:00.123|", head + "60=20261124-12:00:00.123|", ""},
		"sub-ids are ignored":                  {"35=D|49=A|50=desk|56=FXCORE|57=x|142=y|143=z|34=2|52=20261124-12:00:00|1=C|", head + "1=C|", ""},
		"a sub-id in the body is not":          {head + "1=C|50=desk|", head + "1=C|50=desk|", ""},
		"picoseconds are kept to microseconds": {head + "60=20261124-12:00:00.123456789012|1=C|", head + "60=20261124-12:00:00.123456|1=C|", ""},
		"a leap second is a time":              {head + "60=20161231-23:59:60|", head + "60=20161231-23:59:59.999999|", ""},
		"a comma is no point":                  {head + "60=20261124-12:00:00,123|", "", "6 60 Incorrect data format for value"},
		"an integer beyond 64 bits":            {head + "1081=x|453=18446744073709551617|", "", "5 453 Value is incorrect (out of range) for this tag"},
		"an integer beyond 32 bits":            {"35=2|34=2|7=-4294967295|16=0|", "", "5 7 Value is incorrect (out of range) for this tag"},
		"zeros before an integer":              {"35=2|34=2|7=0000000000000001|16=0|", "35=2|34=2|7=0000000000000001|16=0|", ""},
		"members in order":                     {head + "453=2|448=A|447=D|452=3|448=B|452=13|1=x|", head + "453=2|448=A|447=D|452=3|448=B|452=13|1=x|", ""},
		"members out of order":                 {head + "453=1|448=A|452=3|447=D|", "", "15 447 Repeating group fields out of order"},
		"an entry that begins with another":    {head + "453=1|447=D|448=A|452=3|", "", "15 447 Repeating group fields out of order"},
		"a member twice":                       {head + "453=1|448=A|447=D|447=E|", "", "13 447 Tag appears more than once"},
		"a member after the group":             {head + "453=1|448=A|1=x|447=D|", head + "453=1|448=A|1=x|447=D|", ""},
	} {
		for _, begin := range []string{"FIX.4.4", "FIXT.1.1"} {
			t.Run(name+" "+begin, func(t *testing.T) {
				got, why := load(t, begin).Read(message(begin, test.sent))
				if told := explained(why); told != test.why {
					t.Fatalf("refused by %q, want %q", told, test.why)
				}
				if why == nil && shown(got) != test.want {
					t.Errorf("got  %s\nwant %s", shown(got), test.want)
				}
			})
		}
	}
}

func explained(why *wire.Fault) string {
	if why == nil {
		return ""
	}
	return strings.Join([]string{itoa(why.Reason), itoa(why.Tag), why.Text}, " ")
}

// No Reject of a Reject, and a Logout is always done: optional fields, and what cannot be read, are left out.
func TestLenient(t *testing.T) {
	const from, to = "49=A|56=FXCORE|34=2|52=20261124-12:00:00|", "49=A|56=FXCORE|"
	for name, test := range map[string]struct{ sent, want string }{
		"a Logout with encoded text":         {"35=5|" + from + "58=bye|354=3|355=b=e|", "35=5|34=2|" + to + "58=bye|"},
		"a Logout with nonsense":             {"35=5|" + from + "oops|58=|1=x|58=bye|", "35=5|34=2|" + to + "58=bye|"},
		"a Reject with the standard's rest":  {"35=3|" + from + "45=7|371=55|372=D|1130=9|373=5|58=no|1406=1|", "35=3|34=2|" + to + "45=7|371=55|372=D|373=5|58=no|"},
		"a Reject of nothing":                {"35=3|" + from + "373=x|", "35=3|34=2|" + to + "45=0|"},
		"a number that is too large":         {"35=3|" + from + "45=18446744073709551617|", "35=3|34=2|" + to + "45=0|"},
		"a business reject with 1130":        {"35=j|" + from + "45=7|372=8|1130=9|380=0|", "35=j|34=2|" + to + "45=7|372=8|380=0|"},
		"a business reject without a reason": {"35=j|" + from + "45=7|", "35=j|34=2|" + to + "45=7|372=unknown|380=0|"},
		"sub-ids":                            {"35=5|50=desk|" + from, "35=5|34=2|" + to},
	} {
		t.Run(name, func(t *testing.T) {
			got, is := load(t, "FIX.4.4").Lenient(message("FIX.4.4", test.sent))
			if !is || wire.Check(got) != nil {
				t.Fatalf("%v %q", is, got)
			}
			if text := withoutTimes(shown(got)); text != test.want {
				t.Errorf("got  %s\nwant %s", text, test.want)
			}
		})
	}
	if _, is := load(t, "FIX.4.4").Lenient(message("FIX.4.4", head)); is {
		t.Error("an order is refused like any other message")
	}
}

// withoutTimes leaves SendingTime out: it is the time of arrival.
func withoutTimes(text string) string {
	var kept []string
	for _, f := range strings.SplitAfter(text, "|") {
		if !strings.HasPrefix(f, "52=") {
			kept = append(kept, f)
		}
	}
	return strings.Join(kept, "")
}

// A Logon that the dictionary does not allow is refused with a text, FIX session test case 1S d.
func TestLogonsAreRefusedWithAText(t *testing.T) {
	for begin, version := range map[string]string{"FIX.4.4": "", "FIXT.1.1": "1137=9|"} {
		logon := func(more string) []byte {
			return message(begin, "35=A|49=A|56=FXCORE|34=1|52=20261124-12:00:00|98=0|108=30|553=u|554=p|"+version+more)
		}
		rules := load(t, begin)
		for more, want := range map[string]string{
			"":               "",
			"95=1|96=x|":     "logon refused: tag 95",
			"384=1|372=D|":   "logon refused: tag 384",
			"925=new|":       "logon refused: tag 925",
			"58=hello|":      "logon refused: tag 58",
			"789=x|":         "logon refused: tag 789",
			"oops|":          "logon refused: field",
			"108=30|":        "logon refused: tag 108: Tag appears more than once",
			"383=4294967296": "logon refused: tag 383: Value is incorrect",
		} {
			if _, refusal := rules.Logon(logon(strings.TrimSuffix(more, "|") + strings.Repeat("|", min(1, len(more))))); !strings.HasPrefix(refusal, want) || (want == "") != (refusal == "") {
				t.Errorf("%s with %s: %q, want %q", begin, more, refusal, want)
			}
		}
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func FuzzRead(f *testing.F) {
	f.Add([]byte("35=D|34=2|453=2|448=A|452=3|60=20261124-12:00:00,1|7=99999999999|"))
	f.Add([]byte("35=5|34=2|50=|=|x|58=\x00|"))
	rules := load(f, "FIX.4.4")
	f.Fuzz(func(t *testing.T, body []byte) {
		msg := message("FIX.4.4", string(body)+"|")
		if got, is := rules.Lenient(msg); is && wire.Check(got) != nil {
			t.Errorf("%q", got)
		}
		_, _ = rules.Logon(msg)
		if wire.Check(msg) != nil {
			return
		}
		got, why := rules.Read(msg)
		if why == nil && wire.Check(got) != nil {
			t.Errorf("%q became %q", msg, got)
		}
	})
}
