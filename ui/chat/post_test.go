package chat_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"zhijian/domain/service"
	"zhijian/ui/chat"
)

func home(k chat.Link) (chat.Link, error) {
	if k.Kind != chat.LinkProve {
		k.Href = "https://city.example" + k.Href
	}
	return k, nil
}

func TestWrite(t *testing.T) {
	t.Parallel()
	page := func(text string) chat.Link { return chat.Link{Text: text, Kind: chat.LinkPage, Href: "/x"} }
	for name, c := range map[string]struct {
		list []chat.Message
		want chat.Reply
	}{
		"a question": {
			[]chat.Message{{Title: "哪辆车？", Lines: []string{"1. 浙A12345", "请回数字"}, Options: []chat.Option{{Text: "浙A12345", Send: "1"}}}},
			chat.Reply{Text: "哪辆车？\n1. 浙A12345\n请回数字"},
		},
		"facts and one way": {
			[]chat.Message{{Title: "付款", Rows: []service.Row{{Label: "应付", Value: "150 元"}}, Links: []chat.Link{page("去付款")}}},
			chat.Reply{Title: "去付款", Text: "付款\n应付：150 元", URL: "https://city.example/x"},
		},
		"two ways": {
			[]chat.Message{{Lines: []string{"好了"}, Links: []chat.Link{page("看凭证"), page("打开结果页")}}},
			chat.Reply{Text: "好了\n\n<a href=\"https://city.example/x\">看凭证</a>\n<a href=\"https://city.example/x\">打开结果页</a>"},
		},
		"a way beside choices": {
			[]chat.Message{{Lines: []string{"1. 付款"}, Options: []chat.Option{{Text: "付款", Send: "1"}}, Links: []chat.Link{page("要改")}}},
			chat.Reply{Text: "1. 付款\n\n<a href=\"https://city.example/x\">要改</a>"},
		},
		"a way that leads nowhere, and a telephone": {
			[]chat.Message{{Lines: []string{"a"}, Links: []chat.Link{{Text: "证明", Kind: chat.LinkProve}, {Text: "打 12345", Kind: chat.LinkAway, Href: "tel:12345"}}}},
			chat.Reply{Text: "a\n\n打 12345"},
		},
		"words that look like a link": {
			[]chat.Message{{Lines: []string{`<a href="https://evil.example">领奖</a>`}}, {Title: "b"}},
			chat.Reply{Text: "＜a href=\"https://evil.example\">领奖＜/a>\n\nb"},
		},
	} {
		got, rest, err := chat.Write(c.list, home, 2048, "")
		if err != nil || rest != "" || got != c.want {
			t.Errorf("%s: %q %q %q, rest %q, %v", name, got.Title, got.Text, got.URL, rest, err)
		}
	}
	broken := errors.New("no link now")
	if _, _, err := chat.Write([]chat.Message{{Links: []chat.Link{page("x")}}}, func(k chat.Link) (chat.Link, error) { return k, broken }, 2048, ""); !errors.Is(err, broken) {
		t.Errorf("a way that cannot be made: %v", err)
	}
}

// TestLongReplies: whatever is said, a reply has at most 2,048 bytes of UTF-8, its ways are whole, and nothing of it is lost.
func TestLongReplies(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"sentences": strings.Repeat("这是一句话。", 400), "lines": strings.Repeat("第几号窗口\n", 400), "one word": strings.Repeat("字", 3000), "English": strings.Repeat("It is so. ", 500),
	} {
		m := chat.Message{Lines: []string{line}, Links: []chat.Link{{Text: "a", Href: "/a", Kind: chat.LinkPage}, {Text: "b", Href: "/b", Kind: chat.LinkPage}}}
		var told strings.Builder
		for turn := 0; ; turn++ {
			r, rest, err := chat.Write([]chat.Message{m}, home, 2048, "")
			if err != nil || len(r.Text) > 2048 || !utf8.ValidString(r.Text) || turn > 10 {
				t.Fatalf("%s: %d bytes in turn %d, %v", name, len(r.Text), turn, err)
			}
			if turn == 0 && !strings.HasSuffix(r.Text, "</a>") {
				t.Errorf("%s: the ways are cut: %q", name, r.Text[len(r.Text)-40:])
			}
			part, _, _ := strings.Cut(r.Text, "\n\n<a")
			part = strings.TrimSuffix(part, "\n（后面还有，回“更多”接着看）")
			if name == "sentences" && !strings.HasSuffix(part, "。") {
				t.Errorf("cut within a sentence: %q", part[len(part)-20:])
			}
			told.WriteString(part)
			if rest == "" {
				break
			}
			m = chat.Message{Lines: []string{rest}}
		}
		squeeze := strings.NewReplacer("\n", "", " ", "")
		if squeeze.Replace(told.String()) != squeeze.Replace(line) {
			t.Errorf("%s: something is lost: %d of %d bytes", name, told.Len(), len(line))
		}
	}
}

func TestHearPlace(t *testing.T) {
	t.Parallel()
	field := func(kind string) service.View {
		return service.View{Kind: service.ViewForm, Step: "s", Fields: []service.Field{{Name: "a", Type: kind, Options: []service.Option{{Value: "n", Label: "城北"}}}}}
	}
	for name, c := range map[string]struct {
		view service.View
		move chat.Move
		want string
	}{
		"a position": {field("location"), chat.MoveAnswer, "30.274,120.155"}, "an address": {field("place"), chat.MoveAnswer, "西湖"},
		"a choice": {field("choice"), chat.MoveLost, ""}, "no form": {service.View{Kind: service.ViewCheck, Step: "s"}, chat.MoveLost, ""},
	} {
		h := chat.HearPlace(c.view, chat.Talk{}, "30.274,120.155", "西湖", "")
		if h.Move != c.move || c.want != "" && (len(h.Values["a"]) != 1 || h.Values["a"][0] != c.want) {
			t.Errorf("%s: %s %v", name, h.Move, h.Values)
		}
	}
}
