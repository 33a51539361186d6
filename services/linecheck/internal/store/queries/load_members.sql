-- What groups carry for those of their members whose collateral relieves them. The groups' locks cover it: whoever changes what
-- a group carries has locked the group.
select group_node, client_node, used
from member_usage
join unnest($1::text[], $2::text[]) wanted (group_node, client_node) using (group_node, client_node)
