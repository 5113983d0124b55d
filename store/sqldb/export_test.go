package sqldb

// Queued is how many changes wait for the writer of a SQLite file.
func (db *DB) Queued() int { return len(db.writer.queue) }

// GroupTime is how long the writer of a SQLite file gathers changes into a group at most.
const GroupTime = groupTime
