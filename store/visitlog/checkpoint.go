package visitlog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
)

const (
	checkpointName    = "CHECKPOINT"
	checkpointNew     = "CHECKPOINT.new"
	checkpointVersion = 1
)

// checkpoint says what was counted and where: replaced as a whole, so that both change together.
type checkpoint struct {
	Version int         `json:"version"`
	Next    uint64      `json:"next"` // id of the next run
	Nodes   []nodePoint `json:"nodes"`
	Runs    []runInfo   `json:"runs"`    // oldest first
	Thinned []Day       `json:"thinned"` // days of which some segment was deleted

	Forgotten []Month  `json:"forgotten,omitempty"` // months that have no lists of people any more, in order
	Crowds    *runInfo `json:"crowds,omitempty"`    // the file that says how many they were
	crowds    []Crowd  // what it holds
}

// nodePoint is how far one node's log was counted. The last frame is kept in mind so that another log in its place shows.
type nodePoint struct {
	Node uint32 `json:"node"`
	Position
	Last int64  `json:"last"`
	CRC  uint32 `json:"crc"`
}

func (c checkpoint) visits() (n uint64) {
	for _, p := range c.Nodes {
		n += p.Visits
	}
	return n
}

// loadCheckpoint gives the checkpoint of a folder, an empty one when there is none.
func loadCheckpoint(d Disk) (checkpoint, error) {
	c := checkpoint{Version: checkpointVersion, Next: 1}
	f, err := d.Open(checkpointName)
	if errors.Is(err, os.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	size, err := f.Size()
	text := make([]byte, size)
	if err == nil && size > 0 {
		_, err = f.ReadAt(text, 0)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return c, err
	}
	sum, body, _ := bytes.Cut(text, []byte("\n"))
	if string(sum) != checkpointSum(body) {
		return c, &Damage{File: checkpointName, Why: "its checksum is another"}
	}
	if err := json.Unmarshal(body, &c); err != nil {
		return c, &Damage{File: checkpointName, Why: err.Error()}
	}
	if c.Version != checkpointVersion {
		return c, fmt.Errorf("visitlog: %s has version %d, this program knows %d", checkpointName, c.Version, checkpointVersion)
	}
	return c, nil
}

func checkpointSum(body []byte) string {
	return fmt.Sprintf("crc32c %08x", crc32.Checksum(body, castagnoli))
}

// save replaces the checkpoint. After an error that isFull the old one stands; after another nobody knows which of the two
// the disk holds.
func (c checkpoint) save(d Disk) error {
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := d.Remove(checkpointNew); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := d.Create(checkpointNew)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(append([]byte(checkpointSum(body)+"\n"), body...), 0)
	if err == nil {
		err = synced(f.Sync())
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return synced(errors.Join(d.Rename(checkpointNew, checkpointName), d.Sync()))
}
