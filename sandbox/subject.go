package sandbox

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// numbering is how an office numbers people: a prefix, the person's place in the world, and two last
// digits from 50 to 99, so that no person's number is a magic one.
type numbering struct {
	Prefix string
	Length int // characters of the whole number
}

// of gives the number of person i.
func (n numbering) of(i int) string {
	body := fmt.Sprintf("%s%0*d", n.Prefix, n.Length-len(n.Prefix)-2, i+1)
	return body + strconv.Itoa(50+int(hashed(body)%50))
}

// read gives the person of a number; magic is true when its last two digits are. ok is false for a number of another form.
func (n numbering) read(s string) (person int, magic, ok bool) {
	rest, found := strings.CutPrefix(s, n.Prefix)
	if !found || len(s) != n.Length || rest == "" || strings.Trim(rest, "0123456789") != "" {
		return nobody, false, false
	}
	if slices.Contains(magicEndings(), ending(s, 2)) {
		return nobody, true, true
	}
	i, err := strconv.Atoi(rest[:len(rest)-2])
	if err != nil || i < 1 || n.of(i-1) != s {
		return nobody, false, false
	}
	return i - 1, false, true
}

func magicEndings() []string { return []string{"00", "13", "44"} }

// keyed is how a question names what it is about: by a number, by whom it belongs to, or by both.
type keyed struct {
	Key    string            // the input that holds the number; empty when the owner is enough
	Form   string            // what a key looks like, when it is not one of the office's numbers for people
	Owner  string            // the input with a citizen or phone number that must be the person's
	Secret map[string]string // inputs that must also be right: phone_tail, or code for the six digits on the slip
}

// subject is what a question is about.
type subject struct {
	key     string
	person  int  // nobody when the key names no person
	nothing bool // there is such a thing, and nothing in it
}

// find gives the subject; ok is false when there is none, or it is not the asker's.
func (k keyed) find(b *bureau, in question) (s subject, ok bool, err error) {
	s = subject{key: strings.ToUpper(strings.ReplaceAll(in.text(k.Key), " ", "")), person: nobody}
	owner := nobody
	if k.Owner != "" {
		if owner = b.folk.who(in.text(k.Owner)); owner == nobody {
			return s, false, nil
		}
	}
	end, magic := ending(s.key, 2), false
	switch {
	case k.Key == "":
		s.key, s.person, end = strconv.Itoa(owner), owner, personEnding(owner)
	case k.Form != "":
		ok, err := regexp.MatchString(k.Form, s.key)
		if err != nil || !ok {
			return s, false, err
		}
	case b.Number == nil:
		return s, false, fmt.Errorf("the profile %s numbers nobody", b.name)
	default:
		var fits bool
		if s.person, magic, fits = b.Number.read(s.key); !fits || s.person >= len(b.folk.people) {
			return s, false, nil
		}
		if magic {
			s.person = max(owner, 0)
		} else if end = personEnding(s.person); k.Owner != "" && owner != s.person {
			return s, false, nil
		}
	}
	if !magic && !k.right(b, s, in) {
		return s, false, nil
	}
	switch end {
	case "13":
		return s, false, errSilent
	case "44":
		return s, false, refusal{"window", "这一件不能在网上查，请带身份证到窗口办理"}
	}
	s.nothing = end == "00"
	return s, true, nil
}

// personEnding gives the two people who are magic themselves their ending: about the fifth nobody answers, the sixth has nothing.
func personEnding(i int) string {
	return map[int]string{4: "13", 5: "00"}[i]
}

// right reports whether all secrets are.
func (k keyed) right(b *bureau, s subject, in question) bool {
	for input, kind := range k.Secret {
		want := codeOf(s.key)
		if kind == "phone_tail" && s.person != nobody {
			want = ending(b.folk.people[s.person].Phone, 4)
		}
		if in.text(input) != want {
			return false
		}
	}
	return true
}

// codeOf is the six-digit query code printed beside a number.
func codeOf(number string) string { return fmt.Sprintf("%06d", hashed("code"+number)%1_000_000) }

func (k keyed) inputs() string {
	var out []string
	for _, s := range []string{k.Key, k.Owner} {
		if s != "" {
			out = append(out, s)
		}
	}
	for s := range k.Secret {
		out = append(out, s)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// unknown is the answer about what is not there, or not the asker's: the two look the same.
func unknown(in question) data { return data{"known": false, "as_of": stamp(in.at)} }
