-- How many places of each slot are confirmed, asked for whenever an office's places are taken over.

create index booking_confirmed on booking (pool, slot) where state = 'confirmed';
