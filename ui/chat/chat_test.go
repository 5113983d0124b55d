package chat_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/ground/geo"
	"zhijian/ui/chat"
)

func now() time.Time { return time.Date(2026, 5, 26, 14, 8, 0, 0, clock.Shanghai) }

// form has a choice that can also be written, an optional text and a choice.
func form() service.View {
	return service.View{Kind: service.ViewForm, Step: "who", Title: "填一下", Lead: "三个问题", Fields: []service.Field{
		{Name: "plate", Type: "plate", Label: "车牌号", Options: []service.Option{{Value: "浙A12345", Label: "浙A·12345"}, {Value: "other", Label: "其他车辆"}}},
		{Name: "note", Type: "text", Label: "说明", Optional: true, Value: "上次写的"},
		{Name: "hall", Type: "choice", Label: "去哪里", Options: []service.Option{{Value: "n", Label: "城北"}, {Value: "s", Label: "城南"}}},
	}}
}

func fines(most int) service.View {
	return service.View{Kind: service.ViewChoose, Step: "chosen", Name: "chosen", Title: "有 3 条", Max: most, Items: []service.Item{
		{Value: "a", Title: "违停", Amount: 15000, Rows: []service.Row{{Label: "地点", Value: "文三路"}}}, {Value: "b", Title: "闯灯"}, {Value: "c", Title: "超速"},
	}}
}

func days(left ...int) service.View {
	v := service.View{Kind: service.ViewBook, Step: "slot", Name: "slot", Title: "哪天来？"}
	for i, n := range left {
		day := now().AddDate(0, 0, i+1)
		d := service.Day{Date: day.Format(time.DateOnly), Left: n, Open: true}
		for _, hour := range []int{9, 14} {
			at := time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, clock.Shanghai)
			d.Slots = append(d.Slots, service.SlotView{ID: at.Format("0102-15"), Start: at, End: at.Add(time.Hour), Left: n})
		}
		v.Days = append(v.Days, d)
	}
	return v
}

// talk writes lines one after the other and gives what came of the last. After each the step is shown again, as a transport does.
func talk(v service.View, lang string, lines ...string) (h chat.Heard) {
	t := chat.Talk{}
	for _, line := range lines {
		t.Offered = chat.Show(v, t, lang, now()).Offered
		if t.Step == "" {
			t.Step = v.Step
		}
		h = chat.Hear(v, t, line, lang)
		t = h.Talk
	}
	return h
}

func TestHearing(t *testing.T) {
	t.Parallel()
	book := days(2, 0, 1)
	for name, c := range map[string]struct {
		view  service.View
		lang  string
		lines []string
		move  chat.Move
		want  map[string]string // values joined with a blank
	}{
		"a form, question by question":        {form(), "", []string{"1", "跳过", "2"}, chat.MoveAnswer, map[string]string{"plate": "浙A12345", "note": "", "hall": "s"}},
		"full-width digits, written words":    {form(), "", []string{"浙B88888", "没事", "城北"}, chat.MoveAnswer, map[string]string{"plate": "浙B88888", "note": "没事", "hall": "n"}},
		"full-width number":                   {form(), "", []string{"２", "无", "１"}, chat.MoveAnswer, map[string]string{"plate": "other", "note": "", "hall": "n"}},
		"English":                             {form(), "en", []string{"1", "skip", "1"}, chat.MoveAnswer, map[string]string{"plate": "浙A12345", "note": "", "hall": "n"}},
		"a form goes on":                      {form(), "", []string{"1"}, chat.MoveTalk, nil},
		"what is no choice":                   {form(), "", []string{"1", "跳过", "城西"}, chat.MoveLost, nil},
		"a number beyond the choices":         {form(), "", []string{"1", "跳过", "3"}, chat.MoveLost, nil},
		"nothing written":                     {form(), "", []string{"  "}, chat.MoveLost, nil},
		"back within a form":                  {form(), "", []string{"1", "上一步"}, chat.MoveTalk, nil},
		"back from its first question":        {form(), "", []string{"上一步"}, chat.MoveBack, nil},
		"called off, quoted":                  {form(), "", []string{"“取消”。"}, chat.MoveCancel, nil},
		"several numbers":                     {fines(0), "", []string{"1 3"}, chat.MoveAnswer, map[string]string{"chosen": "a c"}},
		"several, Chinese marks, one twice":   {fines(0), "", []string{"３、１，１"}, chat.MoveAnswer, map[string]string{"chosen": "c a"}},
		"all":                                 {fines(0), "", []string{"全部"}, chat.MoveAnswer, map[string]string{"chosen": "a b c"}},
		"all in English":                      {fines(0), "en", []string{"All"}, chat.MoveAnswer, map[string]string{"chosen": "a b c"}},
		"all of a single choice":              {fines(1), "", []string{"全部"}, chat.MoveLost, nil},
		"two of a single choice":              {fines(1), "", []string{"1 2"}, chat.MoveLost, nil},
		"one of a single choice":              {fines(1), "", []string{"2"}, chat.MoveAnswer, map[string]string{"chosen": "b"}},
		"zero, and too many":                  {fines(0), "", []string{"0"}, chat.MoveLost, nil},
		"a number that is none":               {fines(0), "", []string{"1a"}, chat.MoveLost, nil},
		"a very long number":                  {fines(0), "", []string{"1111111111111111111111"}, chat.MoveLost, nil},
		"only marks":                          {fines(0), "", []string{"，，"}, chat.MoveLost, nil},
		"a day":                               {book, "", []string{"2"}, chat.MoveTalk, nil},
		"a day, then a time":                  {book, "", []string{"2", "2"}, chat.MoveAnswer, map[string]string{"slot": "0529-14"}},
		"another day":                         {book, "", []string{"2", "back"}, chat.MoveTalk, nil},
		"a day that is not listed":            {book, "", []string{"3"}, chat.MoveLost, nil},
		"all right":                           {service.View{Kind: service.ViewCheck, Step: "check", Button: "付款"}, "", []string{"１"}, chat.MoveAnswer, map[string]string{}},
		"all right in words":                  {service.View{Kind: service.ViewCheck, Step: "check", Button: "Pay"}, "en", []string{"Yes"}, chat.MoveAnswer, map[string]string{}},
		"not understood at the check":         {service.View{Kind: service.ViewCheck, Step: "check"}, "", []string{"嗯"}, chat.MoveLost, nil},
		"somebody else is at work":            {service.View{Kind: service.ViewWait, Step: "wait"}, "", []string{"好了吗"}, chat.MoveShow, nil},
		"again":                               {service.View{Kind: service.ViewWait, Step: "wait"}, "", []string{"再试"}, chat.MoveRetry, nil},
		"to pay one needs the page":           {service.View{Kind: service.ViewPay, Step: "pay"}, "", []string{"1"}, chat.MoveShow, nil},
		"nothing is left to answer at an end": {service.View{Kind: service.ViewResult, Step: "done"}, "", []string{"谢谢"}, chat.MoveShow, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := talk(c.view, c.lang, c.lines...)
			if h.Move != c.move {
				t.Fatalf("heard as %s (%s), want %s", h.Move, h.Say, c.move)
			}
			if h.Move == chat.MoveLost && h.Say == "" {
				t.Error("nothing is said")
			}
			if c.want == nil {
				return
			}
			got := map[string]string{}
			for k, v := range h.Values {
				got[k] = strings.Join(v, " ")
			}
			if !maps.Equal(got, c.want) {
				t.Errorf("values %v, want %v", got, c.want)
			}
		})
	}
}

// TestNumbersAreAsShown: what is free changes between showing and hearing, and a number still means what stood there.
func TestNumbersAreAsShown(t *testing.T) {
	t.Parallel()
	shown := days(1, 1, 1)
	talk := chat.Talk{Step: "slot"}
	talk.Offered = chat.Show(shown, talk, "", now()).Offered
	later := days(0, 1, 1) // the first day has filled up
	if h := chat.Hear(later, talk, "2", ""); h.Move != chat.MoveTalk || h.Talk.Day != "2026-05-28" {
		t.Errorf("2 is heard as %s %s, want the second day of the list", h.Move, h.Talk.Day)
	}
	if h := chat.Hear(later, talk, "1", ""); h.Move != chat.MoveTalk || h.Talk.Day != "" || h.Say == "" {
		t.Errorf("a day that filled up: %s %q", h.Move, h.Say)
	}
	talk = chat.Talk{Step: "slot", Day: "2026-05-28"}
	talk.Offered = chat.Show(shown, talk, "", now()).Offered
	later.Days[1].Slots[0].Left = 0
	if h := chat.Hear(later, talk, "1", ""); h.Move != chat.MoveTalk || h.Say == "" {
		t.Errorf("a time that was taken: %s", h.Move)
	}
	if h := chat.Hear(later, talk, "2", ""); h.Move != chat.MoveAnswer || h.Values["slot"][0] != "0528-14" {
		t.Errorf("the other time: %s %v", h.Move, h.Values)
	}
	items := fines(0)
	talk = chat.Talk{Step: "chosen", Offered: []string{"a", "x", "b"}}
	if h := chat.Hear(items, talk, "2", ""); h.Move != chat.MoveTalk || h.Say == "" {
		t.Errorf("an item that is gone: %s", h.Move)
	}
	if h := chat.Hear(items, talk, "3", ""); h.Values["chosen"][0] != "b" {
		t.Errorf("the third of the list: %v", h.Values)
	}
}

// halls are three places, sorted by a district unless that is empty.
func halls(by string) service.View {
	west := geo.Point{Lat: 30.26, Lon: 120.13}
	v := service.View{
		Kind: service.ViewChoose, Step: "hall", Name: "hall", Title: "去哪个大厅？", Min: 1, Max: 1,
		Places: []service.Place{{Code: "330106", Name: service.Text{Zh: "西湖区", En: "Xihu"}, At: west}},
		Items: []service.Item{
			{Value: "a", Title: "市民之家", Points: -1, At: west.Offset(5000, 0)}, {Value: "b", Title: "没说在哪的大厅", Points: -1}, {Value: "c", Title: "公安办证中心", Points: -1, At: west.Offset(0, 1200)},
		},
	}
	if by != "" {
		v, _ = v.Near(by, "zh")
	}
	return v
}

// TestNearInATalk: a district sorts, numbers then stand for what was shown, and a position is nothing that one can say here.
func TestNearInATalk(t *testing.T) {
	t.Parallel()
	v := halls("")
	for text, want := range map[string]chat.Heard{
		"离我最近": {Move: chat.MoveNear}, "西湖": {Move: chat.MoveNear, Where: "330106"}, "西湖区": {Move: chat.MoveNear, Where: "330106"}, "1": {Move: chat.MoveAnswer},
		"30.26,120.13": {Move: chat.MoveLost}, "上海": {Move: chat.MoveLost}, "取消": {Move: chat.MoveCancel}, "撤回": {Move: chat.MoveCancel}, "退出摇号": {Move: chat.MoveCancel},
	} {
		if h := chat.Hear(v, chat.Talk{Step: "hall"}, text, ""); h.Move != want.Move || h.Where != want.Where {
			t.Errorf("%s: %s %q, want %s %q", text, h.Move, h.Where, want.Move, want.Where)
		}
	}
	sorted := halls("西湖")
	shown := chat.Show(sorted, chat.Talk{}, "", now())
	if h := chat.Hear(v, chat.Talk{Step: "hall", Offered: shown.Offered}, "1", ""); h.Values["hall"][0] != "c" {
		t.Errorf("the first that was shown is %v", h.Values)
	}
	if m := chat.Districts(v, "en"); len(m.Options) != 1 || m.Options[0].Send != "Xihu" {
		t.Errorf("the districts to tap: %+v", m.Options)
	}
	if h := chat.Hear(fines(1), chat.Talk{}, "离我最近", ""); h.Move != chat.MoveLost {
		t.Errorf("where nothing lies anywhere: %s", h.Move)
	}
}

func TestShowing(t *testing.T) {
	t.Parallel()
	views := map[string]struct {
		view service.View
		talk chat.Talk
		has  []string // in Chinese
		link chat.LinkKind
	}{
		"form":           {form(), chat.Talk{}, []string{"车牌号", "三个问题", "1. 浙A·12345", "请回数字，或直接写"}, ""},
		"next question":  {form(), chat.Talk{Step: "who", Values: map[string][]string{"plate": {"x"}}}, []string{"说明", "可以用：上次写的", "跳过"}, ""},
		"another step's": {form(), chat.Talk{Step: "else", Values: map[string][]string{"plate": {"x"}}}, []string{"车牌号"}, ""},
		"choose":         {fines(0), chat.Talk{}, []string{"1. 违停 ¥150.00", "文三路", "3. 超速", "全部"}, ""},
		"choose one":     {fines(1), chat.Talk{}, []string{"请回数字"}, ""},
		"places":         {halls(""), chat.Talk{}, []string{"1. 市民之家", "写一个区县名，例如“西湖区”", "离我最近"}, ""},
		"places sorted":  {halls("西湖区"), chat.Talk{}, []string{"1. 公安办证中心 · 约 ", "2. 市民之家 · 约 ", "3. 没说在哪的大厅", "从“西湖区”算"}, ""},
		"days":           {days(2, 0, 1), chat.Talk{}, []string{"1. ", "2. ", "还有 1 个"}, ""},
		"times":          {days(2, 0, 1), chat.Talk{Step: "slot", Day: "2026-05-27"}, []string{"9:00", "14:00", "换一天"}, ""},
		"full":           {days(0, 0), chat.Talk{}, []string{"约满"}, ""},
		"no calendar":    {service.View{Kind: service.ViewBook, Title: "哪天", Down: true}, chat.Talk{}, []string{"没有回应"}, ""},
		"just taken":     {service.View{Kind: service.ViewBook, Title: "哪天", Missed: "x", Days: days(1).Days}, chat.Talk{}, []string{"已经没有了"}, ""},
		"check":          {service.View{Kind: service.ViewCheck, Title: "核对", Amount: 15000, Declare: "付款就是认可", Button: "付款", Rows: []service.Row{{Label: "车辆", Value: "浙A"}}}, chat.Talk{}, []string{"车辆", "¥150.00", "付款就是认可", "1. 付款"}, chat.LinkStep},
		"prove":          {service.View{Kind: service.ViewProve, Title: "先证明", Level: 4}, chat.Talk{}, []string{"先证明"}, chat.LinkProve},
		"pay":            {service.View{Kind: service.ViewPay, Title: "付款", Amount: 100, Payee: "财政局", Button: "去付款"}, chat.Talk{}, []string{"财政局", "¥1.00"}, chat.LinkPay},
		"wait":           {service.View{Kind: service.ViewWait, Title: "正在问", Lead: "可以离开", Usual: "通常 1 秒"}, chat.Talk{}, []string{"可以离开", "通常 1 秒"}, ""},
		"silent":         {service.View{Kind: service.ViewWait, Title: "没有回应", Down: true, Retry: true}, chat.Talk{}, []string{"再试"}, ""},
		"long":           {service.View{Kind: service.ViewWait, Title: "审核", Long: true}, chat.Talk{}, []string{"审核"}, chat.LinkStep},
		"result":         {service.View{Kind: service.ViewResult, Title: "办好了", Receipt: true, Next: []string{"等短信"}, Rows: []service.Row{{Label: "票据号", Value: "42"}}}, chat.Talk{}, []string{"等短信", "票据号"}, chat.LinkReceipt},
		"another way":    {service.View{Kind: service.ViewResult, Title: "没有", Instead: &service.Link{Label: "去官网", Href: "https://gov.example/", Away: true}}, chat.Talk{}, nil, chat.LinkAway},
		"another page":   {service.View{Kind: service.ViewResult, Title: "没有", Instead: &service.Link{Label: "别的", Href: "/city/x"}}, chat.Talk{}, nil, chat.LinkPage},
		"another one":    {service.View{Kind: service.ViewResult, Title: "没有", Instead: &service.Link{Label: "交罚款", Service: "fine"}}, chat.Talk{}, []string{"交罚款"}, ""},
	}
	for name, c := range views {
		for _, lang := range []string{"", "en"} {
			t.Run(name+" "+lang, func(t *testing.T) {
				t.Parallel()
				m := chat.Show(c.view, c.talk, lang, now())
				text := m.Title + "\n" + strings.Join(m.Lines, "\n")
				for _, r := range m.Rows {
					text += "\n" + r.Label + " " + r.Value
				}
				for _, o := range m.Options {
					text += "\n" + o.Text
				}
				if strings.Contains(text, "⟨") {
					t.Errorf("a word is missing: %s", text)
				}
				for _, part := range c.has {
					if lang == "" && !strings.Contains(text, part) {
						t.Errorf("%q is not said:\n%s", part, text)
					}
				}
				if c.link != "" && !slices.ContainsFunc(m.Links, func(k chat.Link) bool { return k.Kind == c.link && k.Text != "" }) {
					t.Errorf("no link of kind %s: %v", c.link, m.Links)
				}
			})
		}
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	at := func(v service.View, talk chat.Talk) string { return chat.Key(v, talk, "") }
	if at(days(3, 1), chat.Talk{}) != at(days(2, 1), chat.Talk{}) {
		t.Error("one place less is said anew")
	}
	silent := service.View{Kind: service.ViewWait, Step: "a", Down: true, Retry: true}
	for name, pair := range map[string][2]string{
		"another question": {at(form(), chat.Talk{}), at(form(), chat.Talk{Step: "who", Values: map[string][]string{"plate": {"1"}}})},
		"another day":      {at(days(1), chat.Talk{}), at(days(1), chat.Talk{Step: "slot", Day: "2026-05-27"})},
		"an office fell":   {at(service.View{Kind: service.ViewWait, Step: "a"}, chat.Talk{}), at(silent, chat.Talk{})},
		"another language": {chat.Key(form(), chat.Talk{}, ""), chat.Key(form(), chat.Talk{}, "en")},
		"another step":     {at(fines(0), chat.Talk{}), at(form(), chat.Talk{})},
	} {
		if pair[0] == pair[1] {
			t.Errorf("%s is not said", name)
		}
	}
}

func TestNothingIsPrinted(t *testing.T) {
	t.Parallel()
	if s := (chat.Talk{Values: map[string][]string{"plate": {"浙A12345"}}}).String(); strings.Contains(s, "浙") {
		t.Error(s)
	}
	if s := (chat.Message{Title: "浙A12345"}).String(); strings.Contains(s, "浙") {
		t.Error(s)
	}
	kept := chat.Talk{Step: "s", Values: map[string][]string{"a": {"1"}, "b": {"2"}}}
	if got := kept.Without("a"); len(got.Values) != 1 || got.Values["b"] == nil || len(kept.Values) != 2 {
		t.Errorf("without a: %d, kept %d", len(got.Values), len(kept.Values))
	}
}

func FuzzHear(f *testing.F) {
	f.Add("1 3")
	f.Add("取消")
	f.Add("９９９")
	f.Fuzz(func(t *testing.T, text string) {
		for _, v := range []service.View{form(), fines(0), fines(1), days(1, 0, 2), {Kind: service.ViewCheck}, {Kind: service.ViewWait}} {
			h := chat.Hear(v, chat.Talk{}, text, "")
			if h.Move == "" {
				t.Fatalf("%q at %s is nothing", text, v.Kind)
			}
			if h.Move == chat.MoveLost && h.Say == "" {
				t.Fatalf("%q at %s: nothing is said", text, v.Kind)
			}
		}
	})
}
