"""Maps as Folium draws them: the only room of the house that knows Folium."""
