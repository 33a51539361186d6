select automatic from plan
