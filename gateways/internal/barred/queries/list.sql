select provider from barred where in_force
