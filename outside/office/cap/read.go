package cap

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// The bounds of a feed.
const (
	maxBody    = 2 << 20
	maxEntries = 100 // alerts of one feed
	maxDepth   = 20
	maxText    = 5000 // characters of one text
)

// alert is one message. Its info is the Chinese one, or the first.
type alert struct {
	XMLName    xml.Name `xml:"urn:oasis:names:tc:emergency:cap:1.2 alert"`
	Identifier string   `xml:"identifier"`
	Sender     string   `xml:"sender"`
	Sent       string   `xml:"sent"`
	Status     string   `xml:"status"`
	MsgType    string   `xml:"msgType"`
	Scope      string   `xml:"scope"`
	References string   `xml:"references"`
	Infos      []info   `xml:"info"`

	sent time.Time
	info info
}

type info struct {
	Language    string `xml:"language"`
	Event       string `xml:"event"`
	Urgency     string `xml:"urgency"`
	Severity    string `xml:"severity"`
	Certainty   string `xml:"certainty"`
	Effective   string `xml:"effective"`
	Onset       string `xml:"onset"`
	Expires     string `xml:"expires"`
	SenderName  string `xml:"senderName"`
	Headline    string `xml:"headline"`
	Description string `xml:"description"`
	Instruction string `xml:"instruction"`
	Areas       []area `xml:"area"`

	from, until time.Time
}

type area struct {
	Desc     string    `xml:"areaDesc"`
	Geocodes []geocode `xml:"geocode"`
}

type geocode struct {
	Name  string `xml:"valueName"`
	Value string `xml:"value"`
}

// atom is a feed of alerts.
type atom struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Entries []struct {
		Links []struct {
			Href string `xml:"href,attr"`
			Type string `xml:"type,attr"`
		} `xml:"link"`
		Content struct {
			Alert *alert `xml:"urn:oasis:names:tc:emergency:cap:1.2 alert"`
		} `xml:"content"`
	} `xml:"entry"`
}

// read takes a feed apart. One bad message spoils the whole: a warning that is left out in silence would be worse than none.
func read(ctx context.Context, body []byte, fetch func(context.Context, string) ([]byte, error)) ([]alert, error) {
	root, err := safe(body)
	if err != nil {
		return nil, err
	}
	switch root {
	case "alert":
		a, err := one(body)
		return []alert{a}, err
	case "feed":
	default:
		return nil, fmt.Errorf("neither an alert nor a feed: %s", root)
	}
	var f atom
	if err := xml.Unmarshal(body, &f); err != nil {
		return nil, err
	}
	if len(f.Entries) > maxEntries {
		return nil, errors.New("too many entries")
	}
	list := []alert{}
	for _, e := range f.Entries {
		if e.Content.Alert != nil {
			a := *e.Content.Alert
			if err := a.complete(); err != nil {
				return nil, err
			}
			list = append(list, a)
			continue
		}
		if len(e.Links) == 0 {
			return nil, errors.New("an entry without an alert")
		}
		href := e.Links[0].Href
		for _, l := range e.Links {
			if strings.Contains(l.Type, "cap") {
				href = l.Href
			}
		}
		b, err := fetch(ctx, href)
		if err != nil {
			return nil, err
		}
		if _, err := safe(b); err != nil {
			return nil, err
		}
		a, err := one(b)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

func one(body []byte) (alert, error) {
	var a alert
	if err := xml.Unmarshal(body, &a); err != nil {
		return a, err
	}
	return a, a.complete()
}

// safe walks a document once and gives the name of its root: no document type, nothing nested too deep, UTF-8.
func safe(body []byte) (root string, err error) {
	if !utf8.Valid(body) {
		return "", errors.New("not UTF-8")
	}
	d, depth := xml.NewDecoder(bytes.NewReader(body)), 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && root != "" {
			return root, nil
		}
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.Directive:
			return "", errors.New("a document type is refused")
		case xml.StartElement:
			if root == "" {
				root = t.Name.Local
			}
			if depth++; depth > maxDepth {
				return "", errors.New("nested too deep")
			}
		case xml.EndElement:
			depth--
		}
	}
}

// complete checks what must be there and reads the times.
func (a *alert) complete() error {
	for _, s := range []*string{&a.Identifier, &a.Sender, &a.Status, &a.MsgType, &a.Scope} {
		if *s = strings.TrimSpace(*s); *s == "" || strings.ContainsAny(*s, ", <&") {
			return errors.New("an alert lacks identifier, sender, status, msgType or scope")
		}
	}
	var err error
	if a.sent, err = when(a.Sent); err != nil {
		return err
	}
	if len(a.Infos) == 0 {
		if a.MsgType == "Cancel" || a.MsgType == "Ack" || a.MsgType == "Error" {
			return nil
		}
		return errors.New("an alert without info")
	}
	a.info = a.Infos[0]
	for _, i := range a.Infos {
		if strings.HasPrefix(strings.ToLower(i.Language), "zh") {
			a.info = i
			break
		}
	}
	return a.info.complete(a.sent)
}

// lasts is how long a warning counts that does not say when it expires.
const lasts = 24 * time.Hour

func (i *info) complete(sent time.Time) (err error) {
	i.Severity, i.Urgency, i.Certainty = strings.TrimSpace(i.Severity), strings.TrimSpace(i.Urgency), strings.TrimSpace(i.Certainty)
	if i.Event = strings.TrimSpace(i.Event); i.Event == "" {
		return errors.New("an alert without an event")
	}
	for _, s := range []*string{&i.Event, &i.Headline, &i.Description, &i.Instruction, &i.SenderName} {
		if r := []rune(*s); len(r) > maxText {
			*s = string(r[:maxText])
		}
	}
	i.from = sent
	if strings.TrimSpace(i.Effective) != "" {
		if i.from, err = when(i.Effective); err != nil {
			return err
		}
	}
	i.until = i.from.Add(lasts)
	if strings.TrimSpace(i.Expires) != "" {
		i.until, err = when(i.Expires)
	}
	return err
}

// when reads a time as CAP wants it: with an offset, never Z.
func when(s string) (time.Time, error) {
	t, err := time.Parse("2006-01-02T15:04:05-07:00", strings.TrimSpace(s))
	if err != nil {
		t, err = time.Parse(time.RFC3339, strings.TrimSpace(s)) // Z is forbidden and common
	}
	if err != nil {
		return t, errors.New("a time that is none")
	}
	return t, nil
}

var gb2260 = regexp.MustCompile(`^[1-9]\d{5}(\d{6})?$`)

// codes lists the areas' codes of GB/T 2260, under whichever name the publisher gives them.
func (a alert) codes() (list []string) {
	for _, x := range a.info.Areas {
		for _, g := range x.Geocodes {
			if v := strings.TrimSpace(g.Value); gb2260.MatchString(v) {
				list = append(list, v)
			}
		}
	}
	return list
}
