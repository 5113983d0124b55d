package chat

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"zhijian/ground/geo"
)

// Post is what somebody sent to an account on another platform, as the door of that platform understood it.
type Post struct {
	Alias string // of the account
	// Key names what was sent: the same at every delivery of it.
	Key  string
	What What
	// Text is what was written or heard; of a place its name.
	Text    string
	Service string    // of Tapped: its id
	At      geo.Point // of Placed, in the datum of our own maps
	// Bind makes the way to sign in: a path of this house that holds a secret.
	Bind func(ctx context.Context) (path string, err error)
	// By is when nobody waits for the reply any more.
	By time.Time
}

// String hides the post.
func (Post) String() string { return "[sealed]" }

// What is the sort of a post.
type What string

// The sorts.
const (
	Said    What = "said"    // words, spoken or written
	Tapped  What = "tapped"  // a service picked from a menu or by a code
	Placed  What = "placed"  // a place
	Hello   What = "hello"   // began to follow the account
	Unheard What = "unheard" // a picture, a voice that was not recognised, anything else
	Bound   What = "bound"   // has just been bound to the resident who speaks
	Misread What = "misread" // wrote a number to be bound by, and a wrong one
)

// Reply is the one answer to a post: a text, or a card that leads to URL.
type Reply struct {
	Title, Text, URL string
}

// String hides the reply.
func (Reply) String() string { return "[sealed]" }

// MaxCard is the most bytes of a card's text that platforms show whole.
const MaxCard = 500

// Write makes one reply of messages. at gives a link with its whole address, an empty one when it leads nowhere now. A single link without choices
// beside it becomes a card. A text of more than most bytes is cut where a sentence ends; rest is what is told when it is asked for.
func Write(list []Message, at func(Link) (Link, error), most int, lang string) (r Reply, rest string, err error) {
	var parts, ways []string
	choices, single := false, Link{}
	for _, m := range list {
		if text := m.text(); text != "" {
			parts = append(parts, text)
		}
		choices = choices || len(m.Options) > 0
		for _, k := range m.Links {
			if strings.HasPrefix(k.Href, "tel:") {
				parts = append(parts, plain(k.Text))
				continue
			}
			if k, err = at(k); err != nil {
				return Reply{}, "", err
			}
			if k.Href != "" {
				ways, single = append(ways, `<a href="`+strings.ReplaceAll(k.Href, `"`, "%22")+`">`+plain(k.Text)+"</a>"), k
			}
		}
	}
	body := strings.Join(parts, "\n\n")
	if len(ways) == 1 && !choices && len(body) <= MaxCard {
		return Reply{Title: single.Text, Text: body, URL: single.Href}, "", nil
	}
	foot := strings.Join(ways, "\n")
	if body != "" && foot != "" {
		foot = "\n\n" + foot
	}
	if len(body)+len(foot) > most {
		note := "\n" + say(lang, "chat.more.text")
		body, rest = Cut(body, most-len(foot)-len(note))
		body += note
	}
	return Reply{Text: body + foot}, rest, nil
}

// More reports whether words ask for what did not fit into a reply.
func More(text string) bool {
	switch strings.ToLower(strings.Trim(text, " 。.“”\"")) {
	case "更多", "more":
		return true
	}
	return false
}

// text is a message as it stands in a text: title, lines, facts.
func (m Message) text() string {
	lines := append([]string{m.Title}, m.Lines...)
	for _, row := range m.Rows {
		lines = append(lines, strings.TrimSpace(row.Label+"："+strings.Join(append([]string{row.Value}, row.Lines...), " ")))
	}
	var out []string
	for _, l := range lines {
		if l = plain(l); l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

// plain makes words that a platform could take for a link of its own mere words.
func plain(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "<", "＜")) }

// Cut gives the first part of a text, of at most n bytes, and what comes after it. It cuts in the second half of what fits: behind a line when
// one ends there, else behind a sentence, else between two characters.
func Cut(s string, n int) (head, rest string) {
	if len(s) <= n {
		return s, ""
	}
	end := max(n, 0)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	at := end
	for _, marks := range [][]string{{"\n"}, {"。", "！", "？", "；", ". ", "! ", "? "}} {
		best := 0
		for _, mark := range marks {
			i := strings.LastIndex(s[:end], mark)
			if i > 0 && mark == ". " && s[i-1] >= '0' && s[i-1] <= '9' {
				continue // the number of a choice
			}
			best = max(best, i+len(mark))
		}
		if best > end/2 {
			at = best
			break
		}
	}
	return strings.TrimSpace(s[:at]), strings.TrimSpace(s[at:])
}
