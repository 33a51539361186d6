package dialect

// sample is a message that a provider may send, by the version that it is sent in.
type sample struct {
	name    string
	session Session
	msgType string
	body    string
}

const at = "60=20261124-12:00:00.000"

// samples are the requests that the rules of engagement show.
func samples() []sample {
	both := func(name, msgType, body string) []sample {
		return []sample{{name + " 4.4", session44, msgType, body}, {name + " 5.0", session50, msgType, body}}
	}
	var all []sample
	all = append(all, both("spot", "D", "11=S-1|1=C000900|63=0|55=EUR/USD|54=1|"+at+"|38=1000000|40=D|44=1.08432|15=EUR|117=Q1|59=3|")...)
	all = append(all, both("spot, shortest", "D", "11=S-2|1=C000900|55=EUR/USD|54=2|"+at+"|38=1000000|40=2|44=1.08432|")...)
	all = append(all, both("forward by tenor", "D", "11=F-1|1=C000900|63=M3|55=USD/JPY|167=FXFWD|54=2|"+at+"|38=250000000|40=2|44=148.2|15=JPY|")...)
	all = append(all, both("forward by date, client as party", "D",
		"11=F-2|453=2|448=C000900|447=D|452=3|448=DESK|447=D|452=13|1=A1|64=20261230|63=B|55=EUR/USD|54=1|"+at+"|38=5|40=2|44=1.09|")...)
	all = append(all, both("swap by legs", "AB",
		"11=W-1|1=C000900|54=B|55=EUR/USD|"+
			"555=2|600=EUR/USD|624=2|556=EUR|687=1000000|654=N|566=1.08|587=0|600=EUR/USD|624=1|687=1000000|654=F|566=1.085|587=M1|"+
			at+"|38=1000000|40=D|15=EUR|")...)
	all = append(all, both("swap by points", "AB",
		"11=W-2|1=C000900|54=1|55=EUR/USD|555=2|600=EUR/USD|587=0|600=EUR/USD|588=20270226|"+at+"|38=1000000|40=2|44=1.08|1069=-0.0012|")...)
	all = append(all, sample{
		"swap as one order", session44, "D",
		"11=W-3|1=C000900|64=20261127|55=EUR/USD|54=1|" + at + "|38=1000000|40=G|44=1.08|193=20270226|192=900000|640=1.0791|",
	})
	all = append(all, sample{
		"report 4.4", session44, "AE",
		"571=R-1|487=0|570=N|55=EUR/USD|32=1000000|31=1.08432|75=20261124|" + at + "|63=0|552=1|54=1|37=NONE|1=C000900|15=EUR|",
	})
	all = append(all, sample{
		"report 5.0", session50, "AE",
		"571=R-1|15=USD|55=EUR/USD|32=1000000|31=1.08432|" + at + "|64=20261127|63=0|552=1|54=1|1=C000900|",
	})
	all = append(all, sample{
		"report of a swap 5.0", session50, "AE",
		"571=R-2|55=EUR/USD|32=1000000|31=1.08|555=2|600=EUR/USD|624=1|588=20261127|637=1.08|1418=1000000|600=EUR/USD|624=2|588=20270226|637=1.079|" +
			at + "|552=1|54=1|1=C000900|",
	})
	for _, s := range []Session{session44, session50} {
		form := map[Session]string{session44: "UDF", session50: "DF"}[s]
		all = append(all,
			sample{"reserve " + form, s, form, "2318=L-1|2320=0|2321=0|2323=0|2324=1000000|15=EUR|453=1|448=C000900|447=D|452=3|55=EUR/USD|54=1|63=M1|" + at + "|"},
			sample{"consume " + form, s, form, "2318=L-2|2320=0|2321=1|2322=L-1|453=1|448=C000900|447=D|452=3|" + at + "|"},
			sample{"cancel " + form, s, form, "2318=L-3|2319=4b1f0c9a-0000-8000-8000-000000000001|2320=1|2321=0|453=1|448=C000900|447=D|452=3|" + at + "|"},
		)
	}
	return all
}
