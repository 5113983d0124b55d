package push

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// The bounds of a message's XML. Its deepest are pictures of a menu and articles of a broadcast, whose lists are the longest as well.
const (
	mostElements = 200
	mostDepth    = 5
)

// leaves are the texts of a message by the path below its root: "Content", "ScanCodeInfo/ScanResult". Of a list the first element counts.
type leaves map[string]string

// read takes XML apart. Only elements, text and a declaration of UTF-8 are allowed: no document type, so that there is no entity to expand,
// and no attribute or name space, which no message has. An element of the root that is there twice, in whatever case, is refused: two readers
// could take different ones.
func read(body []byte) (leaves, error) {
	if len(body) > MaxBody {
		return nil, ErrXML
	}
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))))
	r := reader{found: leaves{}, seen: map[string]bool{}}
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			if !r.ended {
				return nil, ErrXML
			}
			return r.found, nil
		}
		if err != nil {
			return nil, ErrXML // the decoder's own words quote what was sent
		}
		if !r.take(t) {
			return nil, ErrXML
		}
	}
}

type reader struct {
	found    leaves
	seen     map[string]bool // names below the root, in small letters
	path     []string
	text     strings.Builder
	elements int
	ended    bool
}

// take reads one token; false refuses it.
func (r *reader) take(t xml.Token) bool {
	switch t := t.(type) {
	case xml.StartElement:
		r.elements++
		if r.ended || r.elements > mostElements || len(r.path) >= mostDepth || len(t.Attr) > 0 || t.Name.Space != "" {
			return false
		}
		if len(r.path) == 0 && t.Name.Local != "xml" {
			return false
		}
		r.path = append(r.path, t.Name.Local)
		r.text.Reset()
	case xml.EndElement:
		return r.close()
	case xml.CharData:
		if len(r.path) == 0 {
			return len(bytes.TrimSpace(t)) == 0
		}
		r.text.Write(t)
	case xml.ProcInst:
		return t.Target == "xml" && r.elements == 0
	default:
		return false // a directive, or a comment
	}
	return true
}

// close ends an element.
func (r *reader) close() bool {
	name := strings.Join(r.path[1:], "/")
	folded := strings.ToLower(name)
	switch {
	case len(r.path) == 1:
		r.ended = true
	case !r.seen[folded]:
		r.found[name], r.seen[folded] = r.text.String(), true
	case len(r.path) == 2:
		return false
	}
	r.path = r.path[:len(r.path)-1]
	r.text.Reset()
	return true
}

// Envelope is what comes to an account's address: in the clear, sealed, or both.
type Envelope struct {
	To      string // the account's own id (gh_…), outside the seal
	Encrypt string // the sealed message; empty for one in the clear
	Clear   Message
}

// String hides the envelope.
func (Envelope) String() string { return "[sealed]" }

// ReadEnvelope reads a body; ErrXML when it is none. Clear is the zero Message when the body has only a sealed one.
func ReadEnvelope(body []byte) (Envelope, error) {
	found, err := read(body)
	if err != nil {
		return Envelope{}, err
	}
	e := Envelope{To: found["ToUserName"], Encrypt: found["Encrypt"]}
	if found["MsgType"] != "" {
		e.Clear, err = found.message()
	}
	if err == nil && e.Encrypt == "" && e.Clear.Kind == "" {
		err = ErrXML
	}
	return e, err
}

// ReadMessage reads a message as it stands in the clear or in an opened envelope; ErrXML when it is none.
func ReadMessage(body []byte) (Message, error) {
	found, err := read(body)
	if err != nil {
		return Message{}, err
	}
	return found.message()
}
